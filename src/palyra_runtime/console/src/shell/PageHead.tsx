import type { ReactNode } from "react";
import { useEffect } from "react";

interface Props {
  title: string;
  /** What stands beside the title, such as the state. */
  beside?: ReactNode;
  about?: ReactNode;
  /** Where it belongs, as links. */
  trail?: ReactNode;
  actions?: ReactNode;
}

/** The head of a page: what it is about, and what can be done. */
export function PageHead({ title, beside, about, trail, actions }: Props) {
  useEffect(() => {
    document.title = `${title} · Palyra`;
  }, [title]);
  return (
    <header className="page-head">
      <div className="page-title">
        {trail != null && <nav className="trail" aria-label="Where this belongs">{trail}</nav>}
        <div className="row">
          <h1>{title}</h1>
          {beside}
        </div>
        {about != null && <p>{about}</p>}
      </div>
      {actions != null && <div className="page-actions">{actions}</div>}
    </header>
  );
}
