import { useNavigate } from "@tanstack/react-router";

import { useAnswer } from "#/client/queries";
import { Answer } from "#/elements/Answer";
import { Dialog } from "#/elements/Dialog";
import { EmptyState } from "#/elements/EmptyState";
import { OpenButton } from "#/elements/OpenButton";

import { BindPluginForm } from "./BindPluginForm";

interface Props {
  /** The skill whose module it is; without one, it is chosen. */
  skillId?: string;
  kind?: "plain" | "primary";
}

/** Gives a module of a skill a name, under which hooks and agents can run it. */
export function BindPluginButton({ skillId, kind = "primary" }: Props) {
  return (
    <OpenButton operation="plugins.bind" verb="Bind a plugin" kind={kind}>
      {(close) => <BindPluginDialog {...(skillId !== undefined && { skillId })} onClose={close} />}
    </OpenButton>
  );
}

function BindPluginDialog({ skillId, onClose }: { skillId?: string; onClose: () => void }) {
  const navigate = useNavigate();
  const plugins = useAnswer("plugins.list", {});
  const releases = useAnswer("skills.list", {});
  const skills = [...new Set(releases.data?.items.map((each) => each.skill_id))];
  if (plugins.data !== undefined && skills.length > 0) {
    return (
      <BindPluginForm
        plugins={plugins.data.items}
        skills={skillId === undefined ? skills : [skillId]}
        onClose={onClose}
        onBound={(name) => void navigate({ to: "/plugins/$pluginId", params: { pluginId: name } })}
      />
    );
  }
  return (
    <Dialog title="Bind a plugin" onClose={onClose}>
      <Answer query={releases}>
        {() =>
          skills.length > 0 ? (
            <Answer query={plugins}>{() => null}</Answer>
          ) : (
            <EmptyState title="No skill is installed" command="palyra skill install FILE.palyra-skill">
              A plugin is a module of a skill under a name of yours. Install a skill first.
            </EmptyState>
          )
        }
      </Answer>
    </Dialog>
  );
}
