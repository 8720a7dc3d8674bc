import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { Failure } from "./Failure";
import { Loading } from "./Loading";

interface Props<T> {
  query: UseQueryResult<T>;
  lines?: number;
  /** What stands above while there is no answer, such as the head of a page that is about to come. */
  head?: ReactNode;
  children: (value: T) => ReactNode;
}

/** What was asked of the gateway: on its way, refused, or there. What is shown stays while it is asked anew. */
export function Answer<T>({ query, lines = 6, head, children }: Props<T>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  return (
    <>
      {head}
      {query.isError ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : <Loading lines={lines} />}
    </>
  );
}
