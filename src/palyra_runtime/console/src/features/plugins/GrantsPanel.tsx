import type { Grants } from "#/client/nouns";
import { useAnswer } from "#/client/queries";
import { Answer } from "#/elements/Answer";
import { Capabilities } from "#/elements/Capabilities";
import { Panel } from "#/elements/Panel";

import { GrantsButton } from "./GrantsButton";
import { RebindButton } from "./RebindButton";

/** What a plugin may do: what its skill declares, what was granted, and what counts in the end. */
export function GrantsPanel({ pluginId }: { pluginId: string }) {
  const query = useAnswer("plugins.grants", { path: { plugin_id: pluginId } });
  return (
    <Panel title="What it may do" actions={query.data?.has_module === true && query.data.is_same_module && <GrantsButton grants={query.data} />}>
      <Answer query={query} lines={3}>
        {(grants) => <Columns grants={grants} />}
      </Answer>
    </Panel>
  );
}

function Columns({ grants }: { grants: Grants }) {
  return (
    <div className="stack">
      <div className="three-up">
        <section>
          <h3 className="inner-title">Declared by the skill</h3>
          <Capabilities profile={grants.declared} none="Nothing." />
        </section>
        <section>
          <h3 className="inner-title">Granted by operators</h3>
          <Capabilities profile={grants.granted} none="Nothing." />
        </section>
        <section>
          <h3 className="inner-title">In force</h3>
          <Capabilities profile={grants.effective} none="Nothing: it works with its input alone." />
        </section>
      </div>
      {!grants.is_same_module && (
        <div className="notice warn row">
          <p>
            {grants.has_module
              ? `Release ${grants.version} has another module under this path. Its grants were given to the one before.`
              : `Release ${grants.version} has no module under this path.`}
          </p>
          {grants.has_module && <RebindButton pluginId={grants.plugin_id} held={grants.granted} />}
        </div>
      )}
      {grants.differences.length > 0 && (
        <ul className="changes">
          {[...remarksOf(grants)].map(([name, { value, messages }]) => (
            <li key={name} className="kept">
              <code>{value}</code> <span className="soft">{messages.join("; ")}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Gathers what is said about each value. */
function remarksOf({ differences }: Grants): Map<string, { value: string; messages: string[] }> {
  const remarks = new Map<string, { value: string; messages: string[] }>();
  for (const { capability_kind: kind, value, message } of differences) {
    const name = `${kind} ${value}`;
    const known = remarks.get(name);
    if (known === undefined) remarks.set(name, { value, messages: [message] });
    else known.messages.push(message);
  }
  return remarks;
}
