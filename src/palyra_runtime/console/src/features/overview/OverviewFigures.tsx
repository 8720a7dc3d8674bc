import { useAnswer } from "#/client/queries";
import { type Figure, Figures } from "#/elements/Figures";
import { Moment } from "#/elements/Moment";
import { percent, whole } from "#/elements/numbers";

/** The numbers that people look at first; each leads to where it comes from. */
export function OverviewFigures() {
  const gateway = useAnswer("gateway.status", {});
  const deliveries = useAnswer("deliveries.stats", {});
  const skills = useAnswer("skills.list", {});
  const checkpoints = useAnswer("ledger.checkpoints", {});
  const head = gateway.data?.head;
  const rows = deliveries.data?.items ?? [];
  const sum = (key: "dead" | "succeeded" | "deliveries") => rows.reduce((total, row) => total + row[key], 0);
  const ended = sum("succeeded") + sum("dead");
  const held = skills.data?.items.filter((each) => each.state === "quarantined").length ?? 0;
  const lag = Math.max(0, ...(gateway.data?.consumers.map((each) => each.lag) ?? []));
  const signed = checkpoints.data?.items.at(-1);
  const figures: Figure[] = [
    { term: "Events", value: head === undefined ? "–" : whole(head), note: lag === 0 ? "all folded" : `${whole(lag)} not folded`, open: { to: "/timeline" } },
    { term: "Open deliveries", value: whole(gateway.data?.deliveries_open ?? 0), note: <NextRetry at={gateway.data?.next_retry_at} />, open: { to: "/deliveries", search: { state: "open" } } },
    { term: "Dead", value: whole(sum("dead")), note: ended === 0 ? "nothing ended yet" : `${percent(sum("succeeded") / ended)} succeeded`, open: { to: "/deliveries", search: { state: "dead" } }, ...(sum("dead") > 0 && { tone: "bad" }) },
    { term: "In quarantine", value: whole(held), note: `of ${whole(skills.data?.items.length ?? 0)} releases`, open: { to: "/skills", search: { state: "quarantined" } }, ...(held > 0 && { tone: "held" }) },
    { term: "Signed up to", value: signed === undefined ? "–" : whole(signed.size), note: signed === undefined ? "no checkpoint yet" : <Moment at={signed.signed_at} />, open: { to: "/audit", search: { tab: "checkpoints" } } },
  ];
  return <Figures figures={figures} />;
}

function NextRetry({ at }: { at: string | null | undefined }) {
  if (at == null) return <>none waits for a retry</>;
  return (
    <>
      next retry <Moment at={at} />
    </>
  );
}
