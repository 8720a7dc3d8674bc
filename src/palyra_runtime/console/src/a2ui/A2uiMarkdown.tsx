import type { ReactNode } from "react";
import Markdown from "react-markdown";
import remarkGfm from "remark-gfm";

import { safeLink } from "#/elements/links";

/** Elements that a plugin may not bring: what is fetched tells others that somebody looks. */
const REFUSED = ["img", "input"];

function Anchor({ href, children }: { href?: string | undefined; children?: ReactNode }) {
  // A link that may lead nowhere is its text: an empty address would still be a link.
  if (href === undefined || href === "") return <span>{children}</span>;
  return (
    <a href={href} target="_blank" rel="noreferrer noopener nofollow">
      {children}
    </a>
  );
}

/** Markdown as React elements; HTML in it is text. */
export function A2uiMarkdown({ value }: { value: string }) {
  return (
    <Markdown
      remarkPlugins={[remarkGfm]}
      disallowedElements={REFUSED}
      unwrapDisallowed
      urlTransform={(url) => safeLink(url) ?? ""}
      components={{
        a: ({ href, children }) => <Anchor href={href}>{children}</Anchor>,
        // The page has its own title; those of plugins begin below it.
        h1: ({ children }) => <h2>{children}</h2>,
        h2: ({ children }) => <h3>{children}</h3>,
        h3: ({ children }) => <h4>{children}</h4>,
        h4: ({ children }) => <h5>{children}</h5>,
      }}
    >
      {value}
    </Markdown>
  );
}
