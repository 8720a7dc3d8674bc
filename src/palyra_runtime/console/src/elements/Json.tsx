import { useMemo, useState } from "react";

import { Copy } from "./Copy";

/** Lines of a document that are shown before somebody asks for the rest. */
const LINES_MAX = 60;

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/g;

interface Part {
  text: string;
  kind: "key" | "string" | "word" | "number" | "plain";
}

/** Returns a JSON text in parts to be coloured; joined, they are the text. */
export function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    if (match.index > end) parts.push({ text: text.slice(end, match.index), kind: "plain" });
    const [whole, quoted, colon, word] = match;
    if (quoted !== undefined) {
      parts.push({ text: quoted, kind: colon === undefined ? "string" : "key" });
      if (colon !== undefined) parts.push({ text: colon, kind: "plain" });
    } else {
      parts.push({ text: whole, kind: word === undefined ? "number" : "word" });
    }
    end = match.index + whole.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), kind: "plain" });
  return parts;
}

/** A JSON document as it is, coloured, with a button to copy it. */
export function Json({ value, label }: { value: unknown; label: string }) {
  const [isWhole, setWhole] = useState(false);
  const text = useMemo(() => (typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "null")), [value]);
  const lines = text.split("\n");
  const isCut = !isWhole && lines.length > LINES_MAX;
  const shown = isCut ? lines.slice(0, LINES_MAX).join("\n") : text;
  return (
    <div className="json">
      <div className="json-copy">
        <Copy text={text} label={label} />
      </div>
      <pre tabIndex={0} aria-label={label}>
        <code>
          {typeof value === "string"
            ? shown
            : partsOf(shown).map((part, index) =>
                part.kind === "plain" ? part.text : <span key={index} className={`json-${part.kind}`}>{part.text}</span>,
              )}
        </code>
      </pre>
      {isCut && (
        <button type="button" className="json-more" onClick={() => setWhole(true)}>
          Show all {lines.length} lines
        </button>
      )}
    </div>
  );
}
