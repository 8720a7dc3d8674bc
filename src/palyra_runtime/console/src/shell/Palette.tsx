import { useNavigate } from "@tanstack/react-router";
import { useId, useState } from "react";

import { Dialog } from "#/elements/Dialog";

import { PAGES } from "./pages";
import { useThings } from "./things";

/** Rows that are shown at most; more words find the rest. */
const SHOWN_MAX = 12;

/** Goes to a page, or to a skill, plugin, hook, delivery or position, by typing a part of its name. */
export function Palette({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const [words, setWords] = useState("");
  const [at, setAt] = useState(0);
  const id = useId();
  const things = useThings(words);
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const entries = [...PAGES.map((page) => ({ kind: "page", name: page.title, about: page.about, to: page.to as string })), ...things]
    .filter((entry) => wanted.every((word) => `${entry.kind} ${entry.name} ${entry.about}`.toLowerCase().includes(word)))
    .slice(0, SHOWN_MAX);
  const go = (index: number) => {
    const entry = entries[index];
    if (entry === undefined) return;
    onClose();
    void navigate({ to: entry.to });
  };
  const step = (by: number) => setAt((at + by + entries.length) % Math.max(1, entries.length));
  return (
    <Dialog title="Go to" onClose={onClose}>
      <div className="palette">
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={`${id}-${at}`}
          aria-label="Name of a page, skill, plugin, hook or delivery"
          data-first=""
          value={words}
          placeholder="A page, a skill, a plugin, a hook, a delivery, a position"
          onChange={(event) => {
            setWords(event.target.value);
            setAt(0);
          }}
          onKeyDown={(event) => {
            const moves: Record<string, () => void> = { ArrowDown: () => step(1), ArrowUp: () => step(-1), Enter: () => go(at) };
            const move = moves[event.key];
            if (move === undefined) return;
            event.preventDefault();
            move();
          }}
        />
        <ul id={id} role="listbox" aria-label="Places">
          {entries.map((entry, index) => (
            <li
              key={`${entry.kind} ${entry.to}`}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === at}
              onMouseMove={() => setAt(index)}
              onClick={() => go(index)}
            >
              <span className="palette-kind">{entry.kind}</span>
              <span className="palette-name">{entry.name}</span>
              <span className="faint clip">{entry.about}</span>
            </li>
          ))}
        </ul>
        {entries.length === 0 && <p className="soft">Nothing has this name.</p>}
      </div>
    </Dialog>
  );
}
