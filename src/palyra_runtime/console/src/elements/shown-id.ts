/** How many characters of an id that no person has chosen are shown. */
const SHOWN = 8;

/** Returns an id as it is shown: whole, where somebody has chosen it; else its beginning. */
export function shownId(id: string): string {
  return /^[0-9a-f]{16,}$/.test(id) ? `${id.slice(0, SHOWN)}…` : id;
}
