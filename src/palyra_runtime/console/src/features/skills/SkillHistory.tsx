import { useAnswer } from "#/client/queries";
import { Answer } from "#/elements/Answer";
import { HistoryPanel } from "#/elements/HistoryPanel";
import { useAt } from "#/shell/past";

/** What happened to a skill, also to its older releases. */
export function SkillHistory({ skillId }: { skillId: string }) {
  const at = useAt();
  const query = useAnswer("skills.history", { path: { skill_id: skillId }, query: at === undefined ? {} : { at } });
  return <Answer query={query}>{({ items }) => <HistoryPanel title="What happened" entries={items} />}</Answer>;
}
