import { useState } from "react";

import type { Release } from "#/client/nouns";
import { Dialog } from "#/elements/Dialog";
import { OpenButton } from "#/elements/OpenButton";

import { InstallForm } from "./InstallForm";
import { InstallVerdict } from "./InstallVerdict";

/** Takes a skill from a file of whoever looks at the page. */
export function InstallButton() {
  return (
    <OpenButton operation="skills.install" verb="Install a skill" kind="primary">
      {(close) => <InstallDialog onClose={close} />}
    </OpenButton>
  );
}

function InstallDialog({ onClose }: { onClose: () => void }) {
  const [installed, setInstalled] = useState<Release | null>(null);
  return (
    <Dialog title={installed === null ? "Install a skill" : installed.name} onClose={onClose} lasting={installed === null}>
      {installed === null ? (
        <InstallForm onDone={setInstalled} onClose={onClose} />
      ) : (
        <InstallVerdict release={installed} onAnother={() => setInstalled(null)} onClose={onClose} />
      )}
    </Dialog>
  );
}
