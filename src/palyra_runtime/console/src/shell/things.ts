import { useAnswer } from "#/client/queries";

/** Something that has a page of its own. */
export interface Thing {
  kind: string;
  name: string;
  about: string;
  to: string;
}

/** Returns what can be gone to: all skills, plugins and hooks, and what the words themselves name. */
export function useThings(words: string): readonly Thing[] {
  const skills = useAnswer("skills.list", {});
  const plugins = useAnswer("plugins.list", {});
  const hooks = useAnswer("hooks.list", {});
  const named = new Map(skills.data?.items.map((each) => [each.skill_id, each.name]));
  return [
    ...direct(words.trim()),
    ...[...named].map(([id, name]) => ({ kind: "skill", name: id, about: name, to: `/skills/${id}` })),
    ...(plugins.data?.items ?? []).map((each) => ({
      kind: "plugin",
      name: each.plugin_id,
      about: each.skill_id,
      to: `/plugins/${each.plugin_id}`,
    })),
    ...(hooks.data?.items ?? []).map((each) => ({
      kind: "hook",
      name: each.hook_id,
      about: `${each.event_kind} → ${each.plugin_id}`,
      to: `/hooks/${each.hook_id}`,
    })),
  ];
}

function direct(words: string): Thing[] {
  if (/^\d+$/.test(words)) return [{ kind: "event", name: words, about: "The event at this position", to: `/timeline/${words}` }];
  if (/^\d+:[a-z0-9._-]+$/.test(words)) return [{ kind: "delivery", name: words, about: "This delivery", to: `/deliveries/${words}` }];
  if (/^\d+\.\d+$/.test(words)) return [{ kind: "message", name: words, about: "This message", to: `/deliveries/outbox/${words}` }];
  return [];
}
