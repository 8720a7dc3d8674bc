import { Link } from "@tanstack/react-router";

import { useAnswer } from "#/client/queries";
import { Answer } from "#/elements/Answer";
import { Badge } from "#/elements/Badge";
import { EmptyState } from "#/elements/EmptyState";
import { Panel } from "#/elements/Panel";
import { BindHookButton } from "#/features/hooks/HookActions";

/** The hooks that run a plugin. */
export function PluginHooks({ pluginId }: { pluginId: string }) {
  const query = useAnswer("hooks.list", {});
  return (
    <Panel title="Hooks that run it" actions={<BindHookButton plugin={pluginId} kind="plain" />} flush>
      <Answer query={query} lines={3}>
        {({ items }) => {
          const hooks = items.filter((each) => each.plugin_id === pluginId);
          if (hooks.length === 0) {
            return (
              <EmptyState title="No hook runs it" command={`palyra hook bind NAME --event skill:enabled --plugin ${pluginId}`} />
            );
          }
          return (
            <ul className="choices">
              {hooks.map((hook) => (
                <li key={hook.hook_id}>
                  <Link to="/hooks/$hookId" params={{ hookId: hook.hook_id }}>
                    <span>{hook.hook_id}</span>
                    <code className="soft">{hook.event_kind}</code>
                    <Badge tone={hook.is_enabled ? "good" : "plain"}>{hook.is_enabled ? "enabled" : "disabled"}</Badge>
                  </Link>
                </li>
              ))}
            </ul>
          );
        }}
      </Answer>
    </Panel>
  );
}
