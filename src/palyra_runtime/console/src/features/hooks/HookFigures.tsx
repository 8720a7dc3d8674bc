import { useAnswer } from "#/client/queries";
import { Figures } from "#/elements/Figures";
import { duration, percent, whole } from "#/elements/numbers";

/** What came of a hook, in numbers. */
export function HookFigures({ hookId }: { hookId: string }) {
  const { data } = useAnswer("deliveries.stats", { query: { by: "hook", hook_id: hookId } });
  const figures = data?.items.find((each) => each.key === hookId);
  const us = (value: number | null | undefined) => (value == null ? "–" : duration(value));
  return (
    <Figures
      figures={[
        { term: "Deliveries", value: whole(figures?.deliveries ?? 0) },
        { term: "Succeeded", value: figures?.success_rate == null ? "–" : percent(figures.success_rate) },
        { term: "Waiting", value: whole(figures?.waiting ?? 0) },
        { term: "Dead", value: whole(figures?.dead ?? 0), ...((figures?.dead ?? 0) > 0 && { tone: "bad" as const }) },
        { term: "Median run", value: us(figures?.duration_us_p50) },
        { term: "99 of 100 within", value: us(figures?.duration_us_p99) },
      ]}
    />
  );
}
