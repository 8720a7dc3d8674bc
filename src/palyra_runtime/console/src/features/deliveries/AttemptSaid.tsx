import type { Attempt } from "#/client/nouns";
import { Badge } from "#/elements/Badge";
import { Json } from "#/elements/Json";
import { toneOf } from "#/elements/tone";

/** Says why a document is not shown: there was none, or it was erased. */
function Missing({ digest, what }: { digest: string | null; what: string }) {
  return <p className="soft">{digest === null ? `There is no ${what}.` : `The ${what} was erased, or is kept no longer.`}</p>;
}

/** What the plugin answered. */
export function AttemptOutput({ attempt }: { attempt: Attempt }) {
  if (attempt.output == null) return <Missing digest={attempt.output_sha256} what="output" />;
  return <Json value={attempt.output} label="output" />;
}

/** What the plugin was told. */
export function AttemptInput({ attempt }: { attempt: Attempt }) {
  if (attempt.input == null) return <Missing digest={attempt.input_sha256} what="input" />;
  return <Json value={attempt.input} label="input" />;
}

export interface LogLine {
  level: string;
  text: string;
}

function linesOf(logs: unknown): readonly LogLine[] | null {
  const isLine = (each: unknown): each is LogLine => typeof each === "object" && each !== null && "level" in each && "text" in each;
  return Array.isArray(logs) && logs.every(isLine) ? logs : null;
}

/** Returns how many log lines there are, or undefined where nobody knows. */
export function lengthOf(logs: unknown): number | undefined {
  return linesOf(logs)?.length;
}

/** The log lines of the plugin, in their order. */
export function AttemptLogs({ attempt }: { attempt: Attempt }) {
  if (attempt.logs == null) return <Missing digest={attempt.logs_sha256} what="log" />;
  const lines = linesOf(attempt.logs);
  if (lines === null) return <Json value={attempt.logs} label="log" />;
  return <LogLines lines={lines} />;
}

/** Log lines, numbered. */
export function LogLines({ lines }: { lines: readonly LogLine[] }) {
  return (
    <ol className="log-lines">
      {lines.map((line, index) => (
        <li key={index}>
          <span className="log-number figures">{index + 1}</span>
          <Badge tone={toneOf(line.level)}>{line.level}</Badge>
          <code>{line.text}</code>
        </li>
      ))}
    </ol>
  );
}
