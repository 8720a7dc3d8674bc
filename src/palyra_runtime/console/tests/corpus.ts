/** The files that the tests of the gateway read too. */
const FILES = import.meta.glob<unknown>("../../../../tests/corpus/a2ui/*.json", { eager: true, import: "default" });

/** Returns a file of the corpus. */
export function corpus<T>(name: string): T {
  const found = Object.entries(FILES).find(([path]) => path.endsWith(`/${name}.json`));
  if (found === undefined) throw new Error(`There is no corpus ${name}.`);
  return found[1] as T;
}
