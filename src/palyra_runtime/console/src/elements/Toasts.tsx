import { useEffect, useSyncExternalStore } from "react";

interface Toast {
  id: number;
  text: string;
}

/** How long it is told, in ms. */
const TOLD_MS = 4_500;

let toasts: readonly Toast[] = [];
let count = 0;
const listeners = new Set<() => void>();

function change(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

/** Tells that something was done, for a few seconds. */
export function tell(text: string): void {
  count += 1;
  change([...toasts.slice(-2), { id: count, text }]);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The place where it is told. */
export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map((toast) => (
        <ToastLine key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

function ToastLine({ toast }: { toast: Toast }) {
  useEffect(() => {
    const timer = setTimeout(() => change(toasts.filter((each) => each.id !== toast.id)), TOLD_MS);
    return () => clearTimeout(timer);
  }, [toast.id]);
  return <p className="toast">{toast.text}</p>;
}
