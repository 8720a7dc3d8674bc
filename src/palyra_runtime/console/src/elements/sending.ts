import { useState } from "react";

interface Sending {
  isBusy: boolean;
  /** What went wrong the last time, or null. */
  error: unknown;
  start: (send: () => Promise<unknown>) => void;
}

/** Sends something off, and remembers whether it is on its way, and what was wrong with it. */
export function useSending(): Sending {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const start = (send: () => Promise<unknown>) => {
    setBusy(true);
    setError(null);
    send()
      .catch(setError)
      .finally(() => setBusy(false));
  };
  return { isBusy, error, start };
}
