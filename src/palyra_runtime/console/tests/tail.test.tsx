import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { act, render, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { stream } from "#/client/live";
// Loaded ahead, so that nothing but the answers decides when the page asks.
import "#/features/timeline/TimelinePage";
import { consoleRouter } from "#/router";

interface Happening {
  position: number;
}

/** A gateway that answers with what has happened so far; how it stands, it tells when it is let. */
class Gateway {
  readonly log: Happening[] = [];
  /** What the listings were told, one after the other. */
  readonly listed: number[][] = [];
  readonly streams: string[] = [];
  #tell: () => void = () => undefined;
  readonly #isLet = new Promise<void>((resolve) => (this.#tell = resolve));

  happens(): void {
    this.log.push(entryAt(this.log.length + 1));
  }

  tellsHowItStands(): void {
    this.#tell();
  }

  readonly fetch = async (address: string): Promise<Response> => {
    const path = address.split("?")[0];
    if (path === "/api/v1/session") return Response.json({ actor: "operator:ada", role: "admin", csrf_token: "t" });
    if (path === "/api/v1/gateway") {
      await this.#isLet;
      return Response.json({ head: this.log.length, runs: [], leases: [], consumers: [], role: null });
    }
    if (path === "/api/v1/audit") {
      this.listed.push(this.log.map((each) => each.position));
      return Response.json({ items: [...this.log].reverse(), next: null });
    }
    return Response.json({ items: [], next: null });
  };
}

function entryAt(position: number): Happening {
  return {
    ...{ position, timestamp: "2026-03-01T12:00:00Z", topic: "HookBound@1", actor: "operator:ada", reason: null },
    ...{ subject_kind: "hook", subject_id: `hook-${position}`, summary: "bound", is_reason_erased: false, correlation_id: "c" },
  };
}

/** What the page has of an EventSource; here nobody says anything on it but the test. */
class Source extends EventTarget {
  static readonly CLOSED = 2;
  static newest: Source | undefined;
  readyState = 1;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;

  constructor(address: string) {
    super();
    gateway.streams.push(address);
    Source.newest = this;
  }

  close(): void {
    this.readyState = Source.CLOSED;
  }

  tell(happening: Happening): void {
    this.dispatchEvent(new MessageEvent("audit", { data: JSON.stringify(happening), lastEventId: String(happening.position) }));
  }
}

let gateway: Gateway;

async function open(address: string): Promise<ReturnType<typeof consoleRouter>> {
  const router = consoleRouter(createMemoryHistory({ initialEntries: [address] }));
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  render(
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  );
  await act(() => router.load());
  return router;
}

/** Lets everything happen that waits for nothing but its turn. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await act(() => new Promise((resolve) => setTimeout(resolve)));
}

beforeEach(() => {
  gateway = new Gateway();
  vi.stubGlobal("fetch", gateway.fetch);
  vi.stubGlobal("EventSource", Source);
});

afterEach(() => {
  stream.close();
  vi.unstubAllGlobals();
});

describe("the tail", () => {
  it("misses nothing that happens between the answer of a listing and its own beginning", async () => {
    gateway.happens();
    await open("/timeline");
    await settled();
    gateway.happens();
    gateway.tellsHowItStands();
    await waitFor(() => expect(gateway.streams).toEqual(["/api/v1/stream?after=2"]));
    await waitFor(() => expect(gateway.listed.at(-1)).toEqual([1, 2]));
  });

  it("has a listing asked anew to which somebody comes back after something happened", async () => {
    gateway.happens();
    gateway.tellsHowItStands();
    const router = await open("/timeline");
    await waitFor(() => expect(gateway.listed.at(-1)).toEqual([1]));
    await act(() => router.navigate({ to: "/surfaces" }));
    gateway.happens();
    act(() => Source.newest?.tell(entryAt(2)));
    await act(() => router.navigate({ to: "/timeline" }));
    await waitFor(() => expect(gateway.listed.at(-1)).toEqual([1, 2]));
  });
});
