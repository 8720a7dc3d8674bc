import { queryOptions, useQuery } from "@tanstack/react-query";

import { Problem, problemOf, unreachable } from "./problem";

export type Role = "viewer" | "operator" | "admin";

/** Who is logged in here, and what he may do. */
export interface Session {
  actor: string;
  role: Role;
  csrf_token: string;
}

const RANKS: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, admin: 2 };
const ADDRESS = "/api/v1/session";

let token = "";

/** Returns the token by which the gateway knows that a write comes from this page. */
export function sessionToken(): string {
  return token;
}

async function sent(init: RequestInit): Promise<unknown> {
  const response = await fetch(ADDRESS, { credentials: "same-origin", ...init }).catch((error: unknown) => {
    throw unreachable(error);
  });
  const body: unknown = response.status === 204 ? null : await response.json().catch(() => null);
  if (!response.ok) throw problemOf(response.status, body);
  return body;
}

function opened(body: unknown): Session {
  const session = body as Session;
  token = session.csrf_token;
  return session;
}

/** The session of this browser; asked for once. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async () => opened(await sent({})),
  staleTime: Infinity,
  retry: (count, error) => !(error instanceof Problem && error.isLoggedOut) && count < 2,
});

/** Uses up the secret of a one-time link. */
export async function logIn(secret: string): Promise<Session> {
  const headers = { "Content-Type": "application/json" };
  return opened(await sent({ method: "POST", headers, body: JSON.stringify({ secret }) }));
}

/** Ends the session on the gateway. */
export async function logOut(): Promise<void> {
  await sent({ method: "DELETE", headers: { "X-CSRF-Token": token } });
  token = "";
}

/** Returns whether the person may do what takes a role. */
export function useMay(role: Role): boolean {
  const { data } = useQuery(sessionQuery);
  return data !== undefined && RANKS[data.role] >= RANKS[role];
}
