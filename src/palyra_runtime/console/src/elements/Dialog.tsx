import type { ReactNode } from "react";
import { useId, useLayoutEffect, useRef } from "react";

interface Props {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** A wide one has room for tables. */
  wide?: boolean;
  /** In a lasting one something is typed: a press beside it does not close it. */
  lasting?: boolean;
}

/** A native modal dialog: focus stays inside, Escape closes it. */
export function Dialog({ title, onClose, children, wide = false, lasting = false }: Props) {
  const frame = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Before it leaves the page, or the focus would not come back to where it was.
  useLayoutEffect(() => {
    const dialog = frame.current;
    if (dialog !== null && !dialog.open) dialog.showModal();
    // The browser would choose the button that closes it.
    dialog?.querySelector<HTMLElement>("[data-first]")?.focus();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={frame}
      className={wide ? "dialog wide" : "dialog"}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (!lasting && event.target === frame.current) onClose();
      }}
    >
      <div className="dialog-body">
        <header className="dialog-head">
          <h2 id={id}>{title}</h2>
          <button type="button" className="dialog-close" aria-label="Close" onClick={onClose}>
            <svg viewBox="0 0 16 16" aria-hidden="true">
              <path d="m4 4 8 8m0-8-8 8" />
            </svg>
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
