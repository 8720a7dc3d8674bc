import { basicCatalog, Context } from "@a2ui/lit/v0_9";
import { renderMarkdown } from "@a2ui/markdown-it";
import { ContextProvider } from "@lit/context";

import { follow } from "./surface.js";

const place = document.getElementById("surface");
new ContextProvider(document.body, { context: Context.markdown, initialValue: renderMarkdown });

follow(basicCatalog, (surface) => {
  const shown = document.createElement("a2ui-surface");
  shown.surface = surface ?? undefined;
  place.replaceChildren(...(surface ? [shown] : []));
});
