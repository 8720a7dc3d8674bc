import type { Inspection, Plugin } from "#/client/nouns";
import { useAnswer } from "#/client/queries";
import { counted } from "#/elements/numbers";

import { GrantChanges } from "./GrantChanges";
import { defaultModule } from "./ModuleFields";
import type { GrantWish } from "./powers";
import { NOTHING } from "./powers";

interface Props {
  name: string;
  inspection: Inspection;
  module: string;
  wish: GrantWish;
  /** What has the name already. */
  taken: Plugin | undefined;
}

/** What will come of it, before it is done. */
export function BindingPlan({ name, inspection, module, wish, taken }: Props) {
  const path = module || defaultModule(inspection);
  return (
    <section className={taken === undefined ? "notice stack tight" : "notice warn stack tight"} aria-label="What will happen">
      <p className="notice-title">What will happen</p>
      <p>
        <code>{name || "The plugin"}</code> runs {path === undefined ? "the module that you choose" : <code>{path}</code>} of{" "}
        <code>
          {inspection.skill_id} {inspection.version}
        </code>
        . <Standing skillId={inspection.skill_id} version={inspection.version} />
      </p>
      {taken !== undefined && <Replaced plugin={taken} />}
      <GrantChanges before={taken?.grants ?? NOTHING.granted} after={wish.granted} />
    </section>
  );
}

/** Whether it could run at once. */
function Standing({ skillId, version }: { skillId: string; version: string }) {
  const { data } = useAnswer("skills.show", { path: { skill_id: skillId } });
  const state = data?.items.find((each) => each.version === version)?.state;
  if (state === undefined) return null;
  if (state === "enabled") return "Its release is enabled, so it can run at once.";
  return `Its release is ${state === "installed" ? "not enabled yet" : state}: it runs when somebody enables it.`;
}

function Replaced({ plugin }: { plugin: Plugin }) {
  const { data } = useAnswer("hooks.list", {});
  const hooks = data?.items.filter((each) => each.plugin_id === plugin.plugin_id).length ?? 0;
  return (
    <p>
      The name is taken: it runs <code>{plugin.module_path}</code> of <code>{plugin.skill_id}</code> now. That is replaced,
      {hooks === 0 ? " and no hook runs it." : ` also for the ${counted(hooks, "hook")} that run it.`}
    </p>
  );
}
