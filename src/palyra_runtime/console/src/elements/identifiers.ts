/** The names that the log takes for things. */
const IDENTIFIER = /^[a-z0-9._-]{1,128}$/;

/** Returns what is wrong with a name that somebody chooses; nothing is not wrong yet. */
export function nameProblem(name: string): string | undefined {
  if (name === "" || IDENTIFIER.test(name)) return undefined;
  return name.length > 128 ? "A name has 128 characters at the most." : "A name is made of small letters, digits, dots, dashes and underscores.";
}
