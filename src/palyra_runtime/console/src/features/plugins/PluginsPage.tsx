import { addressOf } from "#/client/ask";
import type { Plugin, Profile } from "#/client/nouns";
import { useAnswer } from "#/client/queries";
import { Answer } from "#/elements/Answer";
import { Badge } from "#/elements/Badge";
import { CopyAs } from "#/elements/CopyAs";
import { EmptyState } from "#/elements/EmptyState";
import { type Column, Ledger } from "#/elements/Ledger";
import { Moment } from "#/elements/Moment";
import { counted } from "#/elements/numbers";
import { commandOf } from "#/elements/shell-words";
import { PageHead } from "#/shell/PageHead";
import { useAt } from "#/shell/past";

import { BindPluginButton } from "./BindPlugin";

const COLUMNS: ReadonlyArray<Column<Plugin>> = [
  {
    id: "plugin",
    head: "Plugin",
    track: "minmax(10rem, 1.4fr)",
    phone: "lead",
    cell: (row) => (
      <span className="two-line">
        <span className="clip">{row.plugin_id}</span>
        <small className="mono">{row.module_path}</small>
      </span>
    ),
  },
  { id: "state", head: "State", track: "7.5rem", phone: "side", cell: (row) => <PluginState plugin={row} /> },
  { id: "skill", head: "Skill", track: "minmax(8rem, 1.2fr)", cell: (row) => <span className="clip mono">{row.skill_id}</span> },
  { id: "grants", head: "Granted", track: "minmax(9rem, 1.6fr)", cell: (row) => <GrantCount profile={row.grants} /> },
  { id: "changed", head: "Changed", track: "6rem", align: "end", cell: (row) => <Moment at={row.changed_at} /> },
];

/** Whether a plugin may run, as far as the plugin itself goes. */
export function PluginState({ plugin }: { plugin: Plugin }) {
  return plugin.is_enabled ? <Badge tone="good">enabled</Badge> : <Badge tone="plain">disabled</Badge>;
}

function GrantCount({ profile }: { profile: Profile }) {
  const parts = [
    profile.http_hosts.length > 0 && counted(profile.http_hosts.length, "host"),
    profile.secrets.length > 0 && counted(profile.secrets.length, "secret"),
    profile.storage_prefixes.length > 0 && "storage",
    profile.channels.length > 0 && counted(profile.channels.length, "channel"),
  ].filter((part): part is string => part !== false);
  return <span className={parts.length === 0 ? "clip faint" : "clip soft"}>{parts.length === 0 ? "no grants" : parts.join(", ")}</span>;
}

/** All plugins. */
export function PluginsPage() {
  const at = useAt();
  const query = useAnswer("plugins.list", { query: at === undefined ? {} : { at } });
  return (
    <>
      <PageHead
        title="Plugins"
        about="Modules of skills under names of yours, each with the powers that it was granted one by one."
        actions={
          <>
            <CopyAs command={commandOf("plugin list", { at })} address={addressOf("plugins.list", {}, { at })} />
            <BindPluginButton />
          </>
        }
      />
      <div className="panel">
        <Answer query={query}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState title="No plugin is bound" command="palyra plugin bind NAME --skill SKILL">
                Give a module of a skill a name, and hooks can run it.
              </EmptyState>
            ) : (
              <Ledger
                label="Plugins"
                rows={items}
                columns={COLUMNS}
                rowKey={(row) => row.plugin_id}
                open={(row) => ({ to: "/plugins/$pluginId", params: { pluginId: row.plugin_id } })}
                rowHeight={52}
              />
            )
          }
        </Answer>
      </div>
    </>
  );
}
