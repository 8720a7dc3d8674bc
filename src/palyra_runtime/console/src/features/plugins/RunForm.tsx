import { useState } from "react";

import { useChange } from "#/client/change";
import type { Inspection, Plugin, Tool, ToolRun } from "#/client/nouns";
import { Button } from "#/elements/Button";
import { CommandLine } from "#/elements/Copy";
import { Failure } from "#/elements/Failure";
import { Field } from "#/elements/Field";
import { Json } from "#/elements/Json";
import { ReasonField } from "#/elements/ReasonField";
import { useSending } from "#/elements/sending";
import { commandOf } from "#/elements/shell-words";
import { Switch } from "#/elements/Switch";

import { beginning, checked } from "./tool-input";

interface Props {
  plugin: Plugin;
  inspection: Inspection;
  onDone: (run: ToolRun | null) => void;
  onClose: () => void;
}

/** Returns the tool to begin with: the skill's own choice, or its first. */
function firstTool({ tools, defaults }: Inspection): Tool | undefined {
  return tools.find((tool) => tool.id === defaults.default_tool_id) ?? tools[0];
}

function textOf(tool: Tool | undefined): string {
  return JSON.stringify(beginning(tool?.input_schema), null, 2);
}

/** Asks which tool is to be run, and on what. */
export function RunForm({ plugin, inspection, onDone, onClose }: Props) {
  const [toolId, setToolId] = useState(firstTool(inspection)?.id ?? "");
  const [text, setText] = useState(() => textOf(firstTool(inspection)));
  const [isApproved, setApproved] = useState(false);
  const [reason, setReason] = useState("");
  const { isBusy, error, start } = useSending();
  const change = useChange();
  const tool = inspection.tools.find((each) => each.id === toolId);
  const input = checked(text, tool?.input_schema);
  const needsApproval = tool?.needs_approval ?? false;
  const said = reason.trim();
  const isReady = input.isJson && (!needsApproval || (isApproved && said !== ""));
  const choose = (id: string) => {
    setToolId(id);
    setText(textOf(inspection.tools.find((each) => each.id === id)));
    setApproved(false);
  };
  const run = async () => {
    onDone(null);
    const body = { tool: toolId, input: input.value, approve: needsApproval && isApproved, reason: said === "" ? null : said };
    onDone(await change("plugins.run", { path: { plugin_id: plugin.plugin_id }, body }));
  };
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) start(run);
      }}
    >
      <p className="soft">It runs at once, as if an agent had called it: with its grants, and recorded with everything that it does.</p>
      <ToolField tools={inspection.tools} chosen={tool} onChange={choose} />
      <InputField text={text} hints={input.hints} onChange={setText} />
      <details className="more">
        <summary>What the tool takes</summary>
        <Json value={tool?.input_schema} label="schema of the input" />
      </details>
      {needsApproval && (
        <Switch
          label="I approve this run"
          about="The tool asks for a person who has looked at it and its input, and says why."
          isOn={isApproved}
          onChange={setApproved}
        />
      )}
      <ReasonField value={reason} onChange={setReason} isRequired={needsApproval} rows={2} />
      <CommandLine
        command={commandOf(`plugin run ${plugin.plugin_id}`, {
          tool: toolId,
          input: input.isJson ? JSON.stringify(input.value) : "JSON",
          approve: needsApproval && isApproved,
          reason: said,
        })}
      />
      {error !== null && <Failure error={error} />}
      <footer className="dialog-foot">
        <Button onClick={onClose}>Close</Button>
        <Button type="submit" kind="primary" busy={isBusy} disabled={!isReady}>
          Run it
        </Button>
      </footer>
    </form>
  );
}

interface ToolFieldProps {
  tools: readonly Tool[];
  chosen: Tool | undefined;
  onChange: (toolId: string) => void;
}

function ToolField({ tools, chosen, onChange }: ToolFieldProps) {
  return (
    <Field label="Tool" hint={chosen?.description}>
      {(ties) => (
        <select {...ties} value={chosen?.id} onChange={(event) => onChange(event.target.value)}>
          {tools.map((each) => (
            <option key={each.id} value={each.id}>
              {each.name}, {each.id}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface InputFieldProps {
  text: string;
  hints: readonly string[];
  onChange: (text: string) => void;
}

function InputField({ text, hints, onChange }: InputFieldProps) {
  const problem = hints.length === 0 ? undefined : hints.join(" ");
  return (
    <Field label="Input" problem={problem} hint="It follows the tool's schema, as far as that is seen here.">
      {(ties) => (
        <textarea
          {...ties}
          className="mono"
          data-first=""
          rows={Math.min(14, Math.max(4, text.split("\n").length + 1))}
          spellCheck={false}
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
