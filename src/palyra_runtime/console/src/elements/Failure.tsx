import { Problem } from "#/client/problem";

import { Button } from "./Button";

/** Says what went wrong and what to do, in the words of the gateway. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const problem = Problem.of(error);
  return (
    <div className="failure" role="alert">
      <p className="failure-message">{problem.message}</p>
      {problem.advice !== "" && <p className="soft">{problem.advice}</p>}
      <p className="failure-foot">
        <code className="faint">{problem.code}</code>
        {onRetry !== undefined && <Button onClick={onRetry}>Try again</Button>}
      </p>
    </div>
  );
}
