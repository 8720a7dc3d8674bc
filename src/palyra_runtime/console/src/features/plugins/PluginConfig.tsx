import { useAnswer } from "#/client/queries";
import { Answer } from "#/elements/Answer";
import { CommandLine } from "#/elements/Copy";
import { Panel } from "#/elements/Panel";

/** What a skill lets its operator choose for a plugin. */
export function PluginConfig({ pluginId }: { pluginId: string }) {
  const query = useAnswer("configs.get", { path: { plugin_id: pluginId } });
  return (
    <Answer query={query} lines={3}>
      {(config) =>
        config.fields.length === 0 ? null : (
          <Panel title="Settings" note={config.state}>
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
              <CommandLine command={`palyra plugin config set ${pluginId} KEY=VALUE`} />
            </div>
          </Panel>
        )
      }
    </Answer>
  );
}
