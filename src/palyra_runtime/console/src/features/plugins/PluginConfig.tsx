import type { PluginConfiguration } from "#/client/nouns";
import { useAnswer } from "#/client/queries";
import { Answer } from "#/elements/Answer";
import { ChangeButton } from "#/elements/ChangeButton";
import { Panel } from "#/elements/Panel";
import { commandOf } from "#/elements/shell-words";

import { ConfigButton } from "./ConfigButton";

/** What a skill lets its operator choose for a plugin. */
export function PluginConfig({ pluginId }: { pluginId: string }) {
  const query = useAnswer("configs.get", { path: { plugin_id: pluginId } });
  return (
    <Answer query={query} lines={3}>
      {(config) =>
        config.fields.length === 0 ? null : (
          <Panel title="Settings" note={config.state} actions={<ConfigActions config={config} />}>
            <div className="stack">
              {config.issues.length > 0 && (
                <ul className="notice warn">
                  {config.issues.map((issue) => (
                    <li key={issue}>{issue}</li>
                  ))}
                </ul>
              )}
              <div className="table-scroll">
                <table className="plain-table inset">
                  <thead>
                    <tr>
                      <th scope="col">Key</th>
                      <th scope="col">Type</th>
                      <th scope="col">Value</th>
                    </tr>
                  </thead>
                  <tbody>
                    {config.fields.map((field) => (
                      <tr key={field.name}>
                        <th scope="row">
                          <code>{field.name}</code>
                          {field.is_required && <span className="required">required</span>}
                          {field.title !== null && <p className="faint">{field.title}</p>}
                        </th>
                        <td className="soft">{field.type}</td>
                        <td>{field.is_set ? <code>{JSON.stringify(field.value)}</code> : <span className="faint">not set</span>}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            </div>
          </Panel>
        )
      }
    </Answer>
  );
}

function ConfigActions({ config }: { config: PluginConfiguration }) {
  const id = config.plugin_id;
  return (
    <>
      {config.fields.some((field) => field.is_set) && (
        <ChangeButton
          change={{
            operation: "configs.clear",
            verb: "Clear",
            title: `Clear the settings of ${id}`,
            about: "Everything that was set is taken away. Where the skill requires something, the plugin is not run until it is set again.",
            done: `The settings of ${id} are cleared.`,
            danger: true,
            told: (reason) => ({ path: { plugin_id: id }, body: { reason } }),
            command: (reason) => commandOf(`plugin config clear ${id}`, { reason }),
          }}
        />
      )}
      <ConfigButton config={config} />
    </>
  );
}
