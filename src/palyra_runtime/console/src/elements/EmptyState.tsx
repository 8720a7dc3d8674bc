import type { ReactNode } from "react";

import { CommandLine } from "./Copy";

interface Props {
  title: string;
  children?: ReactNode;
  /** The command that would change it. */
  command?: string;
}

/** Says that there is nothing, why, and how there would be something. */
export function EmptyState({ title, children, command }: Props) {
  return (
    <div className="empty">
      <svg viewBox="0 0 48 32" aria-hidden="true">
        <path d="M6 8h36M6 16h26M6 24h16" />
      </svg>
      <p className="empty-title">{title}</p>
      {children != null && <p className="soft">{children}</p>}
      {command != null && <CommandLine command={command} />}
    </div>
  );
}
