import { getRouteApi, Link } from "@tanstack/react-router";

import { addressOf } from "#/client/ask";
import type { Plugin } from "#/client/nouns";
import { useAnswer } from "#/client/queries";
import { Answer } from "#/elements/Answer";
import { ChangeButton } from "#/elements/ChangeButton";
import { Digest } from "#/elements/Copy";
import { CopyAs } from "#/elements/CopyAs";
import { EmptyState } from "#/elements/EmptyState";
import { Facts } from "#/elements/Facts";
import { Moment } from "#/elements/Moment";
import { Panel } from "#/elements/Panel";
import { SubjectHistory } from "#/elements/SubjectHistory";
import { commandOf } from "#/elements/shell-words";
import { PageHead } from "#/shell/PageHead";
import { useAt } from "#/shell/past";

import { GrantsPanel } from "./GrantsPanel";
import { RunButton, UnbindPluginButton } from "./PluginActions";
import { PluginConfig } from "./PluginConfig";
import { PluginHooks } from "./PluginHooks";
import { PluginState } from "./PluginsPage";

const route = getRouteApi("/shell/plugins/$pluginId");

/** One plugin: its module, what it may do, its settings, and who runs it. */
export function PluginPage() {
  const { pluginId } = route.useParams();
  const at = useAt();
  const query = useAnswer("plugins.list", { query: at === undefined ? {} : { at } });
  const head = <PageHead title={pluginId} trail={<Link to="/plugins">Plugins</Link>} />;
  return (
    <Answer query={query} head={head}>
      {({ items }) => {
        const plugin = items.find((each) => each.plugin_id === pluginId);
        return plugin === undefined ? (
          <>
            {head}
            <EmptyState title={`There is no plugin ${pluginId}`} command="palyra plugin list">
              It was never bound, or is bound no more.
            </EmptyState>
          </>
        ) : (
          <Detail plugin={plugin} />
        );
      }}
    </Answer>
  );
}

function Detail({ plugin }: { plugin: Plugin }) {
  const id = plugin.plugin_id;
  return (
    <>
      <PageHead
        title={id}
        beside={<PluginState plugin={plugin} />}
        trail={<Link to="/plugins">Plugins</Link>}
        about={
          <>
            Runs <code>{plugin.module_path}</code> of{" "}
            <Link to="/skills/$skillId" params={{ skillId: plugin.skill_id }}>
              {plugin.skill_id}
            </Link>
            .
          </>
        }
        actions={
          <>
            <CopyAs
              command={commandOf(`plugin grants show ${id}`)}
              address={addressOf("plugins.grants", { plugin_id: id })}
            />
            <UnbindPluginButton pluginId={id} />
            <Standing plugin={plugin} />
            {plugin.is_enabled && <RunButton plugin={plugin} />}
          </>
        }
      />
      <div className="columns main-side">
        <div className="stack">
          <GrantsPanel pluginId={id} />
          <PluginConfig pluginId={id} />
          <PluginHooks pluginId={id} />
        </div>
        <div className="stack">
          <Panel title="About it">
            <Facts
              facts={[
                ["Module", <code key="module">{plugin.module_path}</code>],
                ["Entrypoint", <code key="entry">{plugin.entrypoint ?? "the default"}</code>],
                ["SHA-256", <Digest key="digest" value={plugin.module_sha256} label="SHA-256 of the module" />],
                ["Bound", <Moment key="bound" at={plugin.bound_at} as="both" />],
                ["Changed", <Moment key="changed" at={plugin.changed_at} as="both" />],
              ]}
            />
          </Panel>
          <SubjectHistory kind="plugin" id={id} />
        </div>
      </div>
    </>
  );
}

function Standing({ plugin }: { plugin: Plugin }) {
  const id = plugin.plugin_id;
  return plugin.is_enabled ? (
    <ChangeButton
      change={{
        operation: "plugins.disable",
        verb: "Disable",
        title: `Disable ${id}`,
        about: "It runs no more, for hooks and as a tool. Its deliveries are skipped meanwhile.",
        done: `${id} is disabled.`,
        told: (reason) => ({ path: { plugin_id: id }, body: { reason } }),
        command: (reason) => commandOf(`plugin disable ${id}`, { reason }),
      }}
    />
  ) : (
    <ChangeButton
      kind="primary"
      change={{
        operation: "plugins.enable",
        verb: "Enable",
        title: `Enable ${id}`,
        about: "It may run again.",
        done: `${id} is enabled.`,
        told: (reason) => ({ path: { plugin_id: id }, body: { reason } }),
        command: (reason) => commandOf(`plugin enable ${id}`, { reason }),
      }}
    />
  );
}
