/** Returns a word as a shell reads it. */
export function quoted(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Returns a command; options without a value are left out. */
export function commandOf(words: string, options: Readonly<Record<string, string | undefined>> = {}): string {
  const said = Object.entries(options)
    .filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== "")
    .map(([name, value]) => `--${name} ${quoted(value)}`);
  return ["palyra", words, ...said].join(" ");
}
