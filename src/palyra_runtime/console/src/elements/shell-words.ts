/** Returns a word as a shell reads it. */
export function quoted(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Returns a command: options without a value are left out, those with several are repeated, true ones are flags. */
export function commandOf(words: string, options: Readonly<Record<string, string | readonly string[] | boolean | undefined>> = {}): string {
  const said = Object.entries(options).flatMap(([name, value]) => {
    if (value === true) return [`--${name}`];
    if (value === undefined || value === false) return [];
    return [value].flat().filter((each) => each !== "").map((each) => `--${name} ${quoted(each)}`);
  });
  return ["palyra", words, ...said].join(" ");
}
