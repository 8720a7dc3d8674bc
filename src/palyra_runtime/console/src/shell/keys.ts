import { useEffect, useRef } from "react";

/** How long `g` waits for the letter after it, in ms. */
const CHORD_MS = 1_200;

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/**
 * Calls what belongs to a key, as `d` or `g d`; not while somebody types or a dialog is open.
 *
 * The table may change at each render; the newest one counts.
 */
export function useKeys(table: Readonly<Record<string, () => void>>): void {
  const newest = useRef(table);
  useEffect(() => {
    newest.current = table;
  });
  useEffect(() => {
    let lead = "";
    let since = 0;
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (isTyping(event.target) || document.querySelector("dialog[open]") !== null) return;
      const chord = lead !== "" && event.timeStamp - since < CHORD_MS ? `${lead} ${event.key}` : event.key;
      lead = event.key === "g" && chord === "g" ? "g" : "";
      since = event.timeStamp;
      const action = newest.current[chord];
      if (action === undefined) return;
      event.preventDefault();
      action();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, []);
}

/** Moves the focus by so many rows in the listing of the page. */
export function stepThroughRows(by: number): void {
  const links = [...document.querySelectorAll<HTMLElement>("[data-ledger-link]")];
  const at = links.indexOf(document.activeElement as HTMLElement);
  const next = links[at === -1 ? (by > 0 ? 0 : links.length - 1) : at + by];
  next?.focus({ preventScroll: true });
  next?.closest("[role=row]")?.scrollIntoView({ block: "nearest" });
}

/** Puts the cursor into the search field of the page. */
export function focusSearch(): void {
  document.querySelector<HTMLInputElement>("[data-search-field]")?.focus();
}
