import { useNavigate } from "@tanstack/react-router";

import type { Hook } from "#/client/nouns";
import { ChangeButton } from "#/elements/ChangeButton";
import { OpenButton } from "#/elements/OpenButton";
import { commandOf } from "#/elements/shell-words";

import { HookDialog } from "./HookDialog";

/** Binds another hook, and goes there. */
export function BindHookButton({ plugin, kind = "primary" }: { plugin?: string; kind?: "plain" | "primary" }) {
  const navigate = useNavigate();
  return (
    <OpenButton operation="hooks.bind" verb="Bind a hook" kind={kind}>
      {(close) => (
        <HookDialog
          {...(plugin !== undefined && { plugin })}
          onClose={close}
          onBound={(name) => void navigate({ to: "/hooks/$hookId", params: { hookId: name } })}
        />
      )}
    </OpenButton>
  );
}

/** What can be done to a hook. */
export function HookActions({ hook }: { hook: Hook }) {
  return (
    <>
      <OpenButton operation="hooks.bind" verb="Change">
        {(close) => <HookDialog hook={hook} onClose={close} />}
      </OpenButton>
      <UnbindButton hookId={hook.hook_id} />
    </>
  );
}

function UnbindButton({ hookId: id }: { hookId: string }) {
  return (
    <ChangeButton
      change={{
        operation: "hooks.unbind",
        verb: "Unbind",
        title: `Unbind ${id}`,
        about: "It is there no more. What is scheduled already is still carried out, and what it did stays in the timeline.",
        done: `${id} is unbound.`,
        danger: true,
        told: (reason) => ({ path: { hook_id: id }, body: { reason } }),
        command: (reason) => commandOf(`hook unbind ${id}`, { reason }),
      }}
    />
  );
}
