import type { operations } from "#/contract/api";
import { ROUTES } from "#/contract/routes";

import { problemOf, unreachable } from "./problem";
import { sessionToken } from "./session";

export type OperationName = keyof operations & keyof typeof ROUTES;

type Parameters<N extends OperationName> = operations[N]["parameters"];
export type PathOf<N extends OperationName> = Parameters<N> extends { path: infer P } ? P : undefined;
export type QueryOf<N extends OperationName> = NonNullable<Parameters<N>["query"]>;
type Contents<N extends OperationName> = operations[N] extends { requestBody?: { content: infer C } } ? C : never;
/** What the body of an operation is: a file as it is, or what becomes JSON. */
export type BodyOf<N extends OperationName> = Contents<N> extends { "application/octet-stream": unknown }
  ? Blob
  : Contents<N> extends { "application/json": infer B }
    ? B
    : undefined;
type Success = 200 | 201 | 202;
type Content<R> = { [S in keyof R & Success]: R[S] extends { content: { "application/json": infer A } } ? A : never };
export type AnswerOf<N extends OperationName> = Content<operations[N]["responses"]>[keyof Content<operations[N]["responses"]>];

/** What an operation is told: what its path names, its query, its body. */
export type Told<N extends OperationName> = (PathOf<N> extends undefined ? { path?: undefined } : { path: PathOf<N> }) & {
  query?: QueryOf<N>;
  body?: BodyOf<N>;
  signal?: AbortSignal;
};

type Values = Readonly<Record<string, unknown>>;

/** Returns the address of an operation; what the path names is escaped, but a path in a path keeps its slashes. */
export function addressOf(name: OperationName, path: Values = {}, query: Values = {}): string {
  const place = ROUTES[name][1].replace(/\{(\w+)\}/g, (_, key: string) =>
    encodeURIComponent(String(path[key])).replaceAll("%2F", "/").replaceAll("%3A", ":"),
  );
  const asked = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === "") continue;
    for (const each of Array.isArray(value) ? value : [value]) asked.append(key, String(each));
  }
  return asked.size === 0 ? place : `${place}?${asked}`;
}

/** Asks the gateway for one thing, and returns its answer or throws a `Problem`. */
export async function ask<N extends OperationName>(name: N, told: Told<N>): Promise<AnswerOf<N>> {
  const [verb] = ROUTES[name];
  const answer = await send(verb, addressOf(name, told.path as Values, told.query as Values), told.body, told.signal);
  return answer as AnswerOf<N>;
}

/** Sends one request to the gateway, a file as it is; writes carry the token that shows that this page sends them. */
export async function send(verb: string, address: string, body?: unknown, signal?: AbortSignal): Promise<unknown> {
  const headers: Record<string, string> = { Accept: "application/json" };
  const isFile = body instanceof Blob;
  if (body !== undefined) headers["Content-Type"] = isFile ? "application/octet-stream" : "application/json";
  if (verb !== "GET") headers["X-CSRF-Token"] = sessionToken();
  const response = await fetch(address, {
    method: verb,
    headers,
    credentials: "same-origin",
    ...(body === undefined ? {} : { body: isFile ? body : JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  }).catch((error: unknown) => {
    throw error instanceof DOMException && error.name === "AbortError" ? error : unreachable(error);
  });
  const content: unknown = response.status === 204 ? null : await response.json().catch(() => null);
  if (!response.ok) throw problemOf(response.status, content);
  return content;
}
