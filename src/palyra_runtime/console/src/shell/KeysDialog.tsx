import { Dialog } from "#/elements/Dialog";

import { PAGES } from "./pages";

const KEYS: ReadonlyArray<readonly [keys: string, meaning: string]> = [
  ["Ctrl K", "Go to a page, or to anything by its name"],
  ["/", "Search in this page"],
  ["j / k", "Next row, previous row"],
  ["Enter", "Open the row"],
  ["r", "Redeliver, on a delivery"],
  ["n", "Back to now"],
  ["?", "These keys"],
];

/** Tells the keys. */
export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className="keys">
        {[...KEYS, ...PAGES.map((page) => [`g ${page.key}`, page.title] as const)].map(([keys, meaning]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
