import type { Profile } from "#/client/nouns";
import { PowerChanges } from "#/features/skills/PowerChanges";

import { namesOf } from "./powers";

/** What a plugin may do more and less than before. */
export function GrantChanges({ before, after }: { before: Profile; after: Profile }) {
  const had = namesOf(before);
  const has = namesOf(after);
  const more = has.filter((name) => !had.includes(name));
  const less = had.filter((name) => !has.includes(name));
  if (more.length + less.length > 0) return <PowerChanges more={more} less={less} />;
  return <p className="soft">{has.length === 0 ? "It has no powers: it works with its input alone." : "It may do what it may do now."}</p>;
}
