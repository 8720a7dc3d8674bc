import type { Profile } from "#/client/nouns";

const KINDS: ReadonlyArray<readonly [key: keyof Profile, title: string]> = [
  ["http_hosts", "HTTP hosts"],
  ["secrets", "Secrets"],
  ["storage_prefixes", "Storage"],
  ["channels", "Channels"],
];

/** The powers of a profile, by kind; none at all is said in words. */
export function Capabilities({ profile, none = "No power over anything." }: { profile: Profile; none?: string }) {
  const given = KINDS.filter(([key]) => profile[key].length > 0);
  if (given.length === 0) return <p className="soft">{none}</p>;
  return (
    <dl className="capabilities">
      {given.map(([key, title]) => (
        <div key={key}>
          <dt>{title}</dt>
          <dd>
            {profile[key].map((value) => (
              <code key={value} className="chip">
                {value}
              </code>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}
