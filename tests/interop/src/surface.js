import { MessageProcessor } from "@a2ui/web_core/v0_9";

/** The surface that the address names: react.html?surface=approvals */
const PLACE = `/api/v1/surfaces/${new URLSearchParams(location.search).get("surface")}/a2ui`;

/** Milliseconds before a page comes back that the server before the gateway has sent away. */
const PAUSE = 500;

/** Feeds Google's own processor with the messages of a gateway, and the gateway with its actions. */
export function follow(catalog, show) {
  const processor = new MessageProcessor([catalog], send);
  processor.onSurfaceCreated(show);
  processor.onSurfaceDeleted(() => show(null));
  listen(`${PLACE}/stream`, (messages) => processor.processMessages(messages));
}

/**
 * Hears each version of the surface once.
 *
 * A browser that is cut off comes back by itself, and names the version that it heard last; but not where
 * somebody answers in the gateway's place that it is not there.
 */
function listen(address, tell) {
  const source = new EventSource(address);
  let next = address;
  source.addEventListener("message", ({ data, lastEventId }) => {
    next = `${PLACE}/stream?shown=${lastEventId}`;
    tell(JSON.parse(data));
  });
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, PAUSE, next, tell);
  });
}

/** Sends what a button says, as A2UI's message of a client; `data-answer` tells how that went. */
async function send(action) {
  const answer = await fetch(PLACE, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ version: "v0.9", action }),
  });
  const { error, delivery_id: delivery } = await answer.json();
  document.body.dataset.answer = error?.code ?? delivery;
}
