import type { ToolRun } from "#/client/nouns";

/** Returns the surface that a run has shown something on; only what succeeded has effects. */
export function surfaceOf(run: ToolRun): string | undefined {
  const shown = run.output?.["a2ui"];
  const name = typeof shown === "object" && shown !== null && "surface" in shown ? shown.surface : undefined;
  return run.outcome === "ok" && typeof name === "string" ? name : undefined;
}
