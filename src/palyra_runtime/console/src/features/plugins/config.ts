import type { BodyOf } from "#/client/ask";
import type { ConfigField } from "#/client/nouns";
import type { Problem } from "#/client/problem";

/** What stands for a value that nobody is shown. */
const REDACTED = "[redacted]";

/** What somebody typed, by key; null is a value that he takes away. */
export type ConfigWish = Readonly<Record<string, string | null>>;

/** Returns whether a field has a value that is not shown. */
export function isHidden(field: ConfigField): boolean {
  return field.is_set && field.value === REDACTED;
}

/** Returns a value as it is typed: a list has a line for each of its texts. */
export function typedText(field: ConfigField): string {
  if (!field.is_set || isHidden(field)) return "";
  return written(field.value);
}

/** Returns a value as people read it. */
export function written(value: unknown): string {
  if (value == null) return "";
  if (Array.isArray(value)) return value.map(String).join("\n");
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Returns what a text means to the gateway, which reads all but strings as JSON. */
function sentText(field: ConfigField, text: string): string {
  if (field.type !== "string_list") return text;
  return JSON.stringify(text.split("\n").map((line) => line.trim()).filter((line) => line !== ""));
}

/** Returns the body that changes what was typed, and takes away what was emptied. */
export function configBody(fields: readonly ConfigField[], wish: ConfigWish, reason: string | null): BodyOf<"configs.set"> {
  const touched = fields.filter((field) => isTouched(field, wish));
  const isGone = (field: ConfigField) => wish[field.name] === null || wish[field.name]?.trim() === "";
  const kept = touched.filter((field) => !isGone(field));
  return {
    texts: Object.fromEntries(kept.map((field) => [field.name, sentText(field, wish[field.name] ?? "")])),
    unset: touched.filter(isGone).map((field) => field.name),
    reason,
  };
}

/** Returns whether something else was typed than what is set. */
export function isTouched(field: ConfigField, wish: ConfigWish): boolean {
  const typed = wish[field.name];
  return typed !== undefined && typed !== typedText(field);
}

/** Returns what the gateway found wrong with a key. */
export function configProblem(problem: Problem | null, name: string): string | undefined {
  if (problem?.code === "SECRET_IN_CONFIG" && texts(problem.details["keys"]).includes(name)) {
    return "A secret is set as secret:NAME, and granted to the plugin.";
  }
  const issue = texts(problem?.details["issues"]).find((each) => each.startsWith(`${name} `));
  return issue === undefined ? undefined : `It ${issue.slice(name.length + 1)}.`;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
