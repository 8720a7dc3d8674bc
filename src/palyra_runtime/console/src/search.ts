/** What a page takes from the address: texts only, and only those that it knows. */
export type Search<Keys extends string> = { [K in Keys]?: string | undefined };

/** Returns a reader of the named parameters; empty ones are as if they were not there. */
export function searchOf<Keys extends string>(...keys: readonly Keys[]) {
  return (raw: Record<string, unknown>): Search<Keys> => {
    const known: Search<Keys> = {};
    for (const key of keys) {
      const value = raw[key];
      if (typeof value === "string" && value !== "") known[key] = value;
    }
    return known;
  };
}

/** Reads the part of an address behind the question mark; every value is a text. */
export function readSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

/** Writes it; what is undefined is left out. */
export function writeSearch(values: Record<string, unknown>): string {
  const kept = Object.entries(values).filter(([, value]) => value !== undefined && value !== "");
  const text = new URLSearchParams(kept.map(([key, value]) => [key, String(value)])).toString();
  return text === "" ? "" : `?${text.replaceAll("%3A", ":")}`;
}
