import type { LinkProps } from "@tanstack/react-router";

import type { AuditEntry } from "#/client/nouns";

type Place = (id: string) => LinkProps;

const PLACES: Readonly<Record<string, Place>> = {
  skill: (id) => ({ to: "/skills/$skillId", params: { skillId: id } }),
  plugin: (id) => ({ to: "/plugins/$pluginId", params: { pluginId: id } }),
  hook: (id) => ({ to: "/hooks/$hookId", params: { hookId: id } }),
  delivery: (id) => ({ to: "/deliveries/$deliveryId", params: { deliveryId: id } }),
  message: (id) => ({ to: "/deliveries/outbox/$messageId", params: { messageId: id } }),
  surface: (id) => ({ to: "/surfaces/$surface", params: { surface: id } }),
};

/** Returns where what an event is about can be looked at; what has no page is searched for. */
export function subjectLink(entry: AuditEntry): LinkProps {
  const place = PLACES[entry.subject_kind];
  return place?.(entry.subject_id) ?? { to: "/timeline", search: { kind: entry.subject_kind, id: entry.subject_id } };
}
