import { useState } from "react";

import { useChange } from "#/client/change";
import type { Grants } from "#/client/nouns";
import { FormDialog } from "#/elements/FormDialog";
import { OpenButton } from "#/elements/OpenButton";
import { commandOf } from "#/elements/shell-words";

import { GrantChanges } from "./GrantChanges";
import type { GrantWish } from "./powers";
import { grantOptions, grantsBody, joined } from "./powers";
import { PowerSwitches } from "./PowerSwitches";

const FIELDS = { INVALID_ORIGIN: "hosts" } as const;

/** Changes what a plugin may do, for the module that it is bound to. */
export function GrantsButton({ grants }: { grants: Grants }) {
  return (
    <OpenButton operation="plugins.set_grants" verb="Change">
      {(close) => <GrantsDialog grants={grants} onClose={close} />}
    </OpenButton>
  );
}

function GrantsDialog({ grants, onClose }: { grants: Grants; onClose: () => void }) {
  const [wish, setWish] = useState<GrantWish>(() => ({
    granted: grants.granted,
    hosts: Object.fromEntries(Object.entries(grants.secret_hosts).map(([name, hosts]) => [name, hosts.join(", ")])),
  }));
  const send = useChange();
  const id = grants.plugin_id;
  const save = async (reason: string | null) => {
    await send("plugins.set_grants", { path: { plugin_id: id }, body: { ...grantsBody(wish), reason } }, `What ${id} may do is changed.`);
    onClose();
  };
  return (
    <FormDialog
      title={`Grants of ${id}`}
      verb="Grant this"
      fields={FIELDS}
      isReady
      command={(reason) => commandOf(`plugin grants set ${id}`, { ...grantOptions(wish), reason })}
      onSend={save}
      onClose={onClose}
    >
      {(_, problem) => (
        <>
          <PowerSwitches
            declared={grants.declared}
            offered={joined(grants.declared, grants.granted)}
            wish={wish}
            onChange={setWish}
            problem={problem}
            missingSecrets={[]}
          />
          <section className="notice stack tight" aria-label="What will happen">
            <p className="notice-title">What will happen</p>
            <GrantChanges before={grants.granted} after={wish.granted} />
          </section>
        </>
      )}
    </FormDialog>
  );
}
