import type { ReactNode } from "react";
import { useId } from "react";

interface Props {
  title: ReactNode;
  /** A few words beside the title, such as a count. */
  note?: ReactNode;
  actions?: ReactNode;
  /** Without inner spacing, for lists that reach from edge to edge. */
  flush?: boolean;
  children: ReactNode;
}

/** A titled sheet: the unit that pages are made of. */
export function Panel({ title, note, actions, flush = false, children }: Props) {
  const id = useId();
  return (
    <section className="panel" aria-labelledby={id}>
      <header className="panel-head">
        <h2 id={id}>{title}</h2>
        {note != null && <span className="panel-note">{note}</span>}
        {actions != null && <div className="panel-actions">{actions}</div>}
      </header>
      <div className={flush ? "panel-body flush" : "panel-body"}>{children}</div>
    </section>
  );
}
