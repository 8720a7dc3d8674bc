import { type Query, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { stream } from "./live";

/** How long what happened is gathered before it is asked for anew, in ms: at first, and while more comes. */
const GATHER_MS = 150;
const PACE_MS = 1_200;
/** How far from the top somebody still looks at the newest, in px. */
const TOP_PX = 120;

/** Returns a function that calls another one soon, but never more often than the pace; and what stops it. */
function paced(call: () => void): readonly [later: () => void, stop: () => void] {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = -PACE_MS;
  const later = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      last = performance.now();
      call();
    }, Math.max(GATHER_MS, last + PACE_MS - performance.now()));
  };
  return [later, () => clearTimeout(timer)];
}

function isListing({ meta }: Query): boolean {
  return meta?.["isListing"] === true;
}

/** Asks anew for what is shown, when something happened; listings see to that themselves, by `useFresh`. */
export function useRefresh(isLive: boolean): void {
  const client = useQueryClient();
  // A listing that nobody looks at hears nothing: whoever comes back to it asks anew.
  useEffect(() => stream.listen("audit", () => void client.invalidateQueries({ predicate: isListing, refetchType: "none" })), [client]);
  useEffect(() => {
    if (!isLive) return;
    const [later, stop] = paced(() => {
      void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "session" && !isListing(query) });
    });
    const stops = [stream.listen("audit", later), stream.listen("projection", later), stop];
    return () => {
      for (const each of stops) each();
    };
  }, [client, isLive]);
}

/**
 * Counts what is new in a listing, and shows it at once to who looks at its beginning.
 *
 * Who has scrolled on is only told how many there are: a list never jumps under a finger.
 */
export function useFresh(names: readonly string[], subjects: readonly string[] | null, isLive: boolean): readonly [number, () => void] {
  const client = useQueryClient();
  const [count, setCount] = useState(0);
  const watched = names.join(" ");
  const about = subjects?.join(" ");
  useEffect(() => {
    if (!isLive) return;
    let fresh = 0;
    const [later, stop] = paced(() => {
      if (window.scrollY < TOP_PX) {
        fresh = 0;
        void client.invalidateQueries({ predicate: ({ queryKey }) => watched.split(" ").includes(String(queryKey[0])) });
      }
      setCount(fresh);
    });
    const mute = stream.listen("audit", (entry) => {
      if (about !== undefined && !about.split(" ").includes(entry.subject_kind)) return;
      fresh += 1;
      later();
    });
    return () => {
      mute();
      stop();
      setCount(0);
    };
  }, [client, watched, about, isLive]);
  const show = () => {
    setCount(0);
    window.scrollTo({ top: 0 });
    void client.invalidateQueries({ predicate: ({ queryKey }) => watched.split(" ").includes(String(queryKey[0])) });
  };
  return [count, show];
}
