import { Problem } from "#/client/problem";

import { Button } from "./Button";
import { Prose } from "./Prose";

/** Says what went wrong and what to do, in the words of the gateway; that something is not there is no alarm. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const problem = Problem.of(error);
  const isMissing = problem.status === 404;
  return (
    <div className={isMissing ? "failure missing" : "failure"} role="alert">
      <p className="failure-message">{problem.message}</p>
      {problem.advice !== "" && (
        <p className="soft">
          <Prose text={problem.advice} />
        </p>
      )}
      <p className="failure-foot">
        <code className="faint">{problem.code}</code>
        {onRetry !== undefined && !isMissing && <Button onClick={onRetry}>Try again</Button>}
      </p>
    </div>
  );
}
