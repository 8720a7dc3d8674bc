/** What is wrong with a text that is to be the input of a tool; `hints` do not keep it from being sent. */
export interface Checked {
  value: unknown;
  isJson: boolean;
  hints: readonly string[];
}

type Schema = Readonly<Record<string, unknown>>;

/** The most hints that help anybody. */
const HINTS_MAX = 4;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads a text, and holds it against what is simple in a schema; the gateway checks all of it. */
export function checked(text: string, schema: unknown): Checked {
  try {
    const value = JSON.parse(text) as unknown;
    return { value, isJson: true, hints: [...hintsOf(value, schema, "")].slice(0, HINTS_MAX) };
  } catch (error) {
    return { value: undefined, isJson: false, hints: [`This is no JSON yet: ${placed(error, text)}.`] };
  }
}

/** Returns what a parser says in words without the text, with the line. */
function placed(error: unknown, text: string): string {
  const words = error instanceof Error ? error.message : "it cannot be read";
  const place = /position (\d+)/.exec(words)?.[1];
  const line = place === undefined ? undefined : text.slice(0, Number(place)).split("\n").length;
  const short = words.replace(/,? \.{0,3}".*$|( in JSON)? at position.*$/s, "").toLowerCase();
  return line === undefined ? short : `${short} in line ${line}`;
}

/** Yields where a value does not follow a schema: types, what is required, names that are not known, choices. */
function* hintsOf(value: unknown, schema: unknown, path: string): Generator<string> {
  if (!isRecord(schema)) return;
  const place = path === "" ? "It" : path;
  const types = [schema["type"]].flat().filter((each): each is string => typeof each === "string");
  if (types.length > 0 && !types.some((type) => isOf(type, value))) {
    yield `${place} is to be ${types.map(withArticle).join(" or ")}.`;
    return;
  }
  const choices = schema["enum"];
  if (Array.isArray(choices) && !choices.some((each) => JSON.stringify(each) === JSON.stringify(value))) {
    yield `${place} is to be one of ${choices.map((each) => JSON.stringify(each)).join(", ")}.`;
  }
  if (isRecord(value)) yield* fieldHints(value, schema, path);
}

function* fieldHints(value: Record<string, unknown>, schema: Schema, path: string): Generator<string> {
  const known = isRecord(schema["properties"]) ? schema["properties"] : {};
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  const place = (name: string) => (path === "" ? name : `${path}.${name}`);
  for (const name of required) if (typeof name === "string" && !(name in value)) yield `${place(name)} is missing.`;
  for (const [name, part] of Object.entries(value)) {
    if (Object.hasOwn(known, name)) yield* hintsOf(part, known[name], place(name));
    else if (schema["additionalProperties"] === false) yield `${place(name)} is not known to it.`;
  }
}

function isOf(type: string, value: unknown): boolean {
  switch (type) {
    case "object":
      return isRecord(value);
    case "array":
      return Array.isArray(value);
    case "null":
      return value === null;
    case "integer":
      return typeof value === "number" && Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function withArticle(type: string): string {
  return type === "null" ? "null" : /^[aio]/.test(type) ? `an ${type}` : `a ${type}`;
}

const EMPTY: Readonly<Record<string, unknown>> = { object: {}, array: [], string: "", integer: 0, number: 0, boolean: false, null: null };

/** Returns the smallest input that a schema asks for, to begin with. */
export function beginning(schema: unknown): unknown {
  if (!isRecord(schema)) return {};
  if ("default" in schema) return schema["default"];
  if (Array.isArray(schema["enum"])) return schema["enum"][0];
  const [type = "object"] = [schema["type"]].flat();
  if (type !== "object") return EMPTY[String(type)] ?? {};
  const known = isRecord(schema["properties"]) ? schema["properties"] : {};
  const required = Array.isArray(schema["required"]) ? schema["required"].map(String) : [];
  return Object.fromEntries(required.map((name) => [name, name in known ? beginning(known[name]) : null]));
}
