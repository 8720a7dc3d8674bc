import { useSyncExternalStore } from "react";

import type { AuditEntry, Job } from "./nouns";

/** `connecting` before the first word, `lost` while it tries again, `paused` by choice. */
export type LiveStanding = "connecting" | "live" | "lost" | "paused";

export interface Live {
  standing: LiveStanding;
  /** The newest position that was told; 0 before any was. */
  head: number;
}

/** What the stream tells: events of the log, how jobs stand, and that views have come further. */
export interface Told {
  audit: AuditEntry;
  job: Job;
  projection: unknown;
}

type Listener<K extends keyof Told> = (told: Told[K]) => void;
type Listeners = { [K in keyof Told]: Set<Listener<K>> };

/**
 * The stream of what happens, shared by all of the page.
 *
 * The browser reconnects by itself and names the last position that it saw, so nothing is missed over a
 * restart of the gateway. A pause keeps the position, and goes on behind it.
 */
class Stream {
  #source: EventSource | null = null;
  #state: Live = { standing: "connecting", head: 0 };
  /** The position behind which the stream goes on; the log may reach further, as other answers tell. */
  #place = 0;
  readonly #watchers = new Set<() => void>();
  readonly #listeners: Listeners = { audit: new Set(), job: new Set(), projection: new Set() };

  readonly state = (): Live => this.#state;

  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  /** Calls a listener with all that is told of a kind, from now on. */
  listen<K extends keyof Told>(kind: K, listener: Listener<K>): () => void {
    this.#listeners[kind].add(listener);
    return () => this.#listeners[kind].delete(listener);
  }

  /** Opens the stream behind the newest position that it has told, and at first behind the head. */
  open(address: (after: number) => string): void {
    this.close();
    this.#place ||= this.#state.head;
    const source = new EventSource(address(this.#place));
    this.#source = source;
    source.onopen = () => this.#become({ standing: "live" });
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) setTimeout(() => this.#reopen(source, address), RETRY_MS);
      this.#become({ standing: "lost" });
    };
    const hear = (kind: keyof Told, take: (data: string) => void) =>
      source.addEventListener(kind, (message) => {
        this.#place = Math.max(this.#place, Number(message.lastEventId));
        take(message.data);
      });
    hear("audit", (data) => this.#happened(JSON.parse(data) as AuditEntry));
    hear("job", (data) => this.#tell("job", JSON.parse(data) as Job));
    hear("projection", (data) => this.#tell("projection", JSON.parse(data)));
  }

  /** Stops listening for a while. */
  pause(): void {
    this.close();
    this.#become({ standing: "paused" });
  }

  close(): void {
    this.#source?.close();
    this.#source = null;
  }

  /** Says that the log reaches at least so far, as another answer told. */
  reached(head: number): void {
    if (head > this.#state.head) this.#become({ head });
  }

  #reopen(source: EventSource, address: (after: number) => string): void {
    if (this.#source === source) this.open(address);
  }

  #happened(entry: AuditEntry): void {
    this.#become({ standing: "live", head: Math.max(this.#state.head, entry.position) });
    this.#tell("audit", entry);
  }

  #tell<K extends keyof Told>(kind: K, told: Told[K]): void {
    for (const listener of this.#listeners[kind]) listener(told);
  }

  #become(change: Partial<Live>): void {
    this.#state = { ...this.#state, ...change };
    for (const watcher of this.#watchers) watcher();
  }
}

/** How long until a stream that was refused is asked for again, in ms. */
const RETRY_MS = 2_000;

export const stream = new Stream();

/** Returns how the stream stands. */
export function useLive(): Live {
  return useSyncExternalStore(stream.watch, stream.state);
}
