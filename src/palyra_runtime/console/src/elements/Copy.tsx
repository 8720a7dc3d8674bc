import { useEffect, useState } from "react";

/** How long a button says that something was copied, in ms. */
const TOLD_MS = 1_600;

/** Copies text, and says that it did. */
export function useCopy(): readonly [boolean, (text: string) => void] {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), TOLD_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = (text: string) => {
    void navigator.clipboard.writeText(text).then(() => setCopied(true));
  };
  return [copied, copy];
}

/** A small button that copies a text. */
export function Copy({ text, label }: { text: string; label: string }) {
  const [copied, copy] = useCopy();
  return (
    <button type="button" className="copy" aria-label={`Copy ${label}`} title={`Copy ${label}`} onClick={() => copy(text)}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        {copied ? <path d="m3.500 8.500 3 3 6-7" /> : <path d="M5.500 5.500v-3h8v8h-3m-8-5h8v8h-8z" />}
      </svg>
      <span className="only-heard" role="status">
        {copied ? "Copied." : ""}
      </span>
    </button>
  );
}

/** A command of the command line, ready to be copied. */
export function CommandLine({ command }: { command: string }) {
  return (
    <span className="command-line">
      <code>
        <span aria-hidden="true" className="prompt">
          ${" "}
        </span>
        {command}
      </code>
      <Copy text={command} label="command" />
    </span>
  );
}

/** A long hexadecimal digest, shortened for the eye and whole for the clipboard. */
export function Digest({ value, label }: { value: string; label: string }) {
  return (
    <span className="digest">
      <code title={value}>{value.length > 20 ? `${value.slice(0, 12)}…${value.slice(-4)}` : value}</code>
      <Copy text={value} label={label} />
    </span>
  );
}
