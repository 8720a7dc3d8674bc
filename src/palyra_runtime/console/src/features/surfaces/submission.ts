import type { A2uiFormSubmitEvent } from "#/a2ui/types";
import { ask } from "#/client/ask";
import { tell } from "#/elements/Toasts";

/** Keys of forms that were sent off and not answered yet, so that another try is the same submission. */
const keys = new Map<string, string>();

function newKey(): string {
  const random = crypto.getRandomValues(new Uint8Array(16));
  return [...random].map((each) => each.toString(16).padStart(2, "0")).join("");
}

/**
 * Returns what sends off the forms of a surface as it is at a version.
 *
 * The same values get the same key until the gateway has answered: whoever presses twice, or again after
 * the connection broke, has sent one form.
 */
export function submissions(surface: string, version: number): (event: A2uiFormSubmitEvent) => Promise<void> {
  return async ({ componentId, values }) => {
    const content = JSON.stringify([surface, componentId, values]);
    const key = keys.get(content) ?? newKey();
    keys.set(content, key);
    const body = { component: componentId, values, idempotency_key: key, version };
    const submitted = await ask("surfaces.submit", { path: { surface }, body });
    keys.delete(content);
    tell(`Sent. Delivery ${submitted.delivery_id} brings it to the plugin.`);
  };
}
