import type { Release } from "#/client/nouns";
import { ChangeButton } from "#/elements/ChangeButton";
import { commandOf } from "#/elements/shell-words";

import { EnableButton } from "./EnableButton";

/** What can be done to a release, by its state. */
export function ReleaseActions({ release }: { release: Release }) {
  const { skill_id: id, version, state } = release;
  const path = { skill_id: id };
  const name = `${id} ${version}`;
  return (
    <>
      {state !== "enabled" && state !== "removed" && <EnableButton release={release} />}
      {state === "enabled" && (
        <ChangeButton
          change={{
            operation: "skills.disable",
            verb: "Disable",
            title: `Disable ${name}`,
            about: "Its plugins run no more, and their deliveries are skipped, until it is enabled again.",
            done: `${name} is disabled.`,
            told: (reason) => ({ path, body: { version, reason } }),
            command: (reason) => commandOf(`skill disable ${id} ${version}`, { reason }),
          }}
        />
      )}
      {state !== "quarantined" && state !== "removed" && (
        <ChangeButton
          kind="danger"
          change={{
            operation: "skills.quarantine",
            verb: "Quarantine",
            title: `Quarantine ${name}`,
            about: "Its plugins stop at once. It can be enabled again only after a fresh audit that passes, or by an override. Hooks on skill:quarantined react.",
            done: `${name} is in quarantine.`,
            danger: true,
            needsReason: true,
            told: (reason) => ({ path, body: { version, reason } }),
            command: (reason) => commandOf(`skill quarantine ${id} ${version}`, { reason }),
          }}
        />
      )}
    </>
  );
}
