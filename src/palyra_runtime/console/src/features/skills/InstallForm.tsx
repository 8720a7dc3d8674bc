import { useState } from "react";

import { useChange } from "#/client/change";
import type { Release } from "#/client/nouns";
import { Problem } from "#/client/problem";
import { Button } from "#/elements/Button";
import { CommandLine, Digest } from "#/elements/Copy";
import { Failure } from "#/elements/Failure";
import { Field } from "#/elements/Field";
import { FileChoice } from "#/elements/FileChoice";
import { ReasonField } from "#/elements/ReasonField";
import { useSending } from "#/elements/sending";
import { commandOf, quoted } from "#/elements/shell-words";
import { Switch } from "#/elements/Switch";

import type { Sha256 } from "./artifact";
import { expectedProblem, fileProblem, useSha256 } from "./artifact";

interface Props {
  onDone: (release: Release) => void;
  onClose: () => void;
}

/** Asks for the file, and for what its installer knows of it. */
export function InstallForm({ onDone, onClose }: Props) {
  const [file, setFile] = useState<File | null>(null);
  const [expected, setExpected] = useState("");
  const [isTrusting, setTrusting] = useState(false);
  const [reason, setReason] = useState("");
  const { isBusy, error, start } = useSending();
  const change = useChange();
  const actual = useSha256(file);
  const wanted = expected.trim().toLowerCase();
  const unfit = file === null ? undefined : fileProblem(file);
  const wrong = expectedProblem(wanted, actual);
  const isReady = file !== null && unfit === undefined && wrong === undefined;
  const send = async (body: Blob) => {
    const query = { trust_on_first_use: isTrusting, sha256: wanted, reason: reason.trim() };
    onDone(await change("skills.install", { body, query }));
  };
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) start(() => send(file));
      }}
    >
      <p className="soft">
        Its signature is checked, and it is audited. It runs only when somebody has enabled it; one that fails its audit goes
        into quarantine.
      </p>
      <FileChoice label="artifact" accept=".palyra-skill" file={file} onChoose={setFile} />
      {unfit !== undefined && (
        <p className="field-problem" role="alert">
          {unfit}
        </p>
      )}
      <Field label="SHA-256" isRequired={false} problem={wrong} hint={<Compared actual={actual} isExpected={wanted !== ""} />}>
        {(ties) => (
          <input
            {...ties}
            className="mono"
            value={expected}
            spellCheck={false}
            autoComplete="off"
            placeholder="What its publisher says it is"
            onChange={(event) => setExpected(event.target.value)}
          />
        )}
      </Field>
      <Trust isOn={isTrusting} onChange={setTrusting} error={error} />
      <ReasonField value={reason} onChange={setReason} rows={2} />
      <CommandLine
        command={commandOf(`skill install ${quoted(file?.name ?? "FILE.palyra-skill")}`, {
          sha256: wanted,
          "trust-on-first-use": isTrusting,
          reason: reason.trim(),
        })}
      />
      {error !== null && <Refused error={Problem.of(error)} />}
      <footer className="dialog-foot held">
        <Button onClick={onClose}>Not now</Button>
        <Button type="submit" kind="primary" busy={isBusy} disabled={!isReady}>
          Install
        </Button>
      </footer>
    </form>
  );
}

/** The digest of the file, as far as it is known here. */
function Compared({ actual, isExpected }: { actual: Sha256; isExpected: boolean }) {
  switch (actual.state) {
    case "none":
      return "Paste it, and another file is refused.";
    case "computing":
      return "Computing…";
    case "unknown":
      return "This browser computes no digest here; the gateway does.";
    case "known":
      return (
        <>
          {isExpected ? "It is the one of this file: " : "This file has "}
          <Digest value={actual.hex} label="SHA-256 of the file" />
        </>
      );
  }
}

interface TrustProps {
  isOn: boolean;
  onChange: (isOn: boolean) => void;
  error: unknown;
}

function Trust({ isOn, onChange, error }: TrustProps) {
  const isMissing = error !== null && Problem.of(error).code === "UNTRUSTED_PUBLISHER";
  return (
    <>
      <Switch
        label="Trust its publisher on first use"
        about="Where nobody knows the publisher's key yet, it is accepted from now on."
        isOn={isOn}
        onChange={onChange}
      />
      {(isOn || isMissing) && (
        <p className="notice warn">
          {isMissing && !isOn ? "Nobody knows this key yet. " : ""}
          Anybody can sign with a key of his own, and call himself what he likes. Compare the key, or the SHA-256, with what
          the publisher says elsewhere: everything else that this key signs will be trusted too.
        </p>
      )}
    </>
  );
}

/** What a file was refused for. The advice for a publisher whom nobody knows stands at the switch. */
function Refused({ error }: { error: Problem }) {
  if (error.code !== "UNTRUSTED_PUBLISHER") return <Failure error={error} />;
  const said = new Problem({ message: error.message, code: error.code, advice: "Switch the trust on, if it is the publisher's key." });
  return <Failure error={said} />;
}
