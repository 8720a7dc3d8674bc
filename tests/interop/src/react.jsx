import { renderMarkdown } from "@a2ui/markdown-it";
import { A2uiSurface, basicCatalog, MarkdownContext } from "@a2ui/react/v0_9";
import { createRoot } from "react-dom/client";

import { follow } from "./surface.js";

const root = createRoot(document.getElementById("surface"));

follow(basicCatalog, (surface) =>
  root.render(
    <MarkdownContext.Provider value={renderMarkdown}>
      {surface && <A2uiSurface surface={surface} />}
    </MarkdownContext.Provider>,
  ),
);
