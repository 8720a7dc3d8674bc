import { Problem } from "#/client/problem";

import type { FieldProblems } from "./types";

interface Told {
  path: string;
  message: string;
}

function isTold(value: unknown): value is Told {
  return typeof value === "object" && value !== null && "path" in value && "message" in value;
}

/** Returns what the gateway found wrong with fields; none where the whole form is what is wrong. */
export function problemsOf(error: unknown): FieldProblems {
  const { details } = Problem.of(error);
  const told = Array.isArray(details["problems"]) ? details["problems"].filter(isTold) : [];
  return Object.fromEntries(told.map(({ path, message }) => [path.split("/").at(-1) ?? path, message]));
}
