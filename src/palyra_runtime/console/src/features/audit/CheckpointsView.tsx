import { useState } from "react";

import { useChange } from "#/client/change";
import { useAnswer } from "#/client/queries";
import { useMay } from "#/client/session";
import { Answer } from "#/elements/Answer";
import { Button } from "#/elements/Button";
import { Digest } from "#/elements/Copy";
import { Download } from "#/elements/Download";
import { EmptyState } from "#/elements/EmptyState";
import { Failure } from "#/elements/Failure";
import { Moment } from "#/elements/Moment";
import { whole } from "#/elements/numbers";

/** What was signed, and the button that signs the head. */
export function CheckpointsView() {
  const query = useAnswer("ledger.checkpoints", {});
  const change = useChange();
  const may = useMay("operator");
  const [error, setError] = useState<unknown>(null);
  const sign = () => {
    setError(null);
    change("ledger.checkpoint", {}, "The head of the log is signed.").catch(setError);
  };
  return (
    <div className="stack">
      <div className="row">
        <Button kind="primary" disabled={!may} onClick={sign}>
          Sign the head
        </Button>
        <p className="soft">Keep these files somewhere else too: what they sign cannot be rewritten without them telling.</p>
      </div>
      {error !== null && <Failure error={error} />}
      <Answer query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="Nothing is signed yet" command="palyra audit checkpoint create" />
          ) : (
            <div className="table-scroll">
              <table className="plain-table inset">
                <thead>
                  <tr>
                    <th scope="col" className="end">Events</th>
                    <th scope="col">Signed</th>
                    <th scope="col" className="wide-only">Root</th>
                    <th scope="col">Note</th>
                  </tr>
                </thead>
                <tbody>
                  {[...items].reverse().map((each) => (
                    <tr key={each.size}>
                      <th scope="row" className="end">{whole(each.size)}</th>
                      <td>
                        <Moment at={each.signed_at} as="absolute" />
                      </td>
                      <td className="wide-only">
                        <Digest value={each.root} label="root of the tree" />
                      </td>
                      <td>
                        <Download name={`${each.size}.checkpoint`} content={each.note} words="Download" />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Answer>
    </div>
  );
}
