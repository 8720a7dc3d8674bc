import { useNavigate } from "@tanstack/react-router";
import { useId, useState } from "react";

import { useAnswer } from "#/client/queries";
import { Answer } from "#/elements/Answer";
import { Button } from "#/elements/Button";
import { CommandLine, Digest } from "#/elements/Copy";
import { Download } from "#/elements/Download";
import { EmptyState } from "#/elements/EmptyState";
import { Json } from "#/elements/Json";

/** A bundle that proves one event to somebody who has neither log nor Palyra. */
export function ProofView({ position }: { position: string | undefined }) {
  const navigate = useNavigate({ from: "/audit" });
  const [wanted, setWanted] = useState(position ?? "");
  const id = useId();
  return (
    <div className="stack">
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          void navigate({ search: (before) => ({ ...before, position: wanted.trim() }), replace: true });
        }}
      >
        <label htmlFor={id}>Position</label>
        <input id={id} className="short-input mono" inputMode="numeric" pattern="[0-9]+" value={wanted} onChange={(event) => setWanted(event.target.value)} />
        <Button type="submit" kind="primary">
          Prove
        </Button>
      </form>
      {position === undefined || !/^\d+$/.test(position) ? (
        <EmptyState title="Choose an event" command="palyra audit prove POSITION">
          The bundle holds the event, its way up the tree, and the signed checkpoint above it.
        </EmptyState>
      ) : (
        <Proof position={Number(position)} />
      )}
    </div>
  );
}

function Proof({ position }: { position: number }) {
  const query = useAnswer("ledger.prove", { path: { position } });
  return (
    <Answer query={query} lines={5}>
      {(bundle) => (
        <div className="stack">
          <p className="row">
            <Download name={`palyra-proof-${position}.json`} content={JSON.stringify(bundle, null, 2)} words="Download the bundle" />
            <CommandLine command={`python palyra-verifier.py palyra-proof-${position}.json`} />
          </p>
          <p className="soft">
            The verifier is one file that needs Python and nothing else: <code>palyra audit verifier</code> writes it.
          </p>
          <h2 className="inner-title">Its way up the tree: {bundle.inclusion_proof.length} hashes</h2>
          <ol className="hashes">
            {bundle.inclusion_proof.map((hash, index) => (
              <li key={index}>
                <span className="log-number figures">{index + 1}</span>
                <Digest value={hash} label={`hash ${index + 1}`} />
              </li>
            ))}
          </ol>
          <h2 className="inner-title">The checkpoint above it</h2>
          <Json value={bundle.checkpoint} label="checkpoint" />
          <h2 className="inner-title">The event</h2>
          <Json value={bundle.event} label="event" />
        </div>
      )}
    </Answer>
  );
}
