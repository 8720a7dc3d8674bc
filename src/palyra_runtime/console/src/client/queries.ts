import { keepPreviousData, type QueryKey, useInfiniteQuery, useQuery, type UseQueryResult } from "@tanstack/react-query";

import type { AnswerOf, OperationName, PathOf, QueryOf, Told } from "./ask";
import { ask } from "./ask";

/** What replaces parts of the query for the next page. */
type Next = Readonly<Record<string, string | number>>;

interface Page<Row> {
  items: Row[];
  next: Next | null;
}

/** The operations that answer with a listing. */
export type ListingName = {
  [N in OperationName]: AnswerOf<N> extends Page<infer _Row> ? N : never;
}[OperationName];

export type RowOf<N extends ListingName> = AnswerOf<N> extends Page<infer Row> ? Row : never;

/** Asks for one thing; `told` belongs to the key, so another question is another entry of the cache. */
export function useAnswer<N extends OperationName>(
  name: N,
  told: Omit<Told<N>, "signal">,
  options: { enabled?: boolean } = {},
): UseQueryResult<AnswerOf<N>> {
  return useQuery({
    queryKey: [name, told],
    queryFn: ({ signal }) => ask(name, { ...told, signal } as Told<N>),
    placeholderData: ((before: unknown, query?: { queryKey: QueryKey }) => (isAboutTheSame(query?.queryKey, told) ? before : undefined)) as never,
    ...options,
  });
}

/** While a filter changes, what was shown stays; what belongs to another thing must not. */
function isAboutTheSame(key: QueryKey | undefined, told: { path?: unknown }): boolean {
  const before = key?.[1] as { path?: unknown } | undefined;
  return before !== undefined && JSON.stringify(before.path) === JSON.stringify(told.path);
}

export interface ListingAnswer<Row> {
  rows: readonly Row[];
  isPending: boolean;
  isRefreshing: boolean;
  error: unknown;
  retry: () => void;
  /** Asks for the next page; not there on the last one. */
  more: (() => void) | undefined;
  isLoadingMore: boolean;
}

/** Asks for a listing, page by page. A part of another page is asked for anew with it; a long one minds itself. */
export function useListing<N extends ListingName>(
  name: N,
  query: QueryOf<N>,
  path?: PathOf<N>,
  { isPart = false }: { isPart?: boolean } = {},
): ListingAnswer<RowOf<N>> {
  const answer = useInfiniteQuery({
    queryKey: [name, { query, path }],
    initialPageParam: {} as Next,
    queryFn: async ({ pageParam, signal }) => {
      const told = { path, query: { ...query, ...pageParam }, signal } as unknown as Told<N>;
      return (await ask(name, told)) as Page<RowOf<N>>;
    },
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    meta: { isListing: !isPart },
  });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = answer;
  return {
    rows: answer.data?.pages.flatMap((page) => page.items) ?? [],
    isPending: answer.isPending,
    isRefreshing: answer.isFetching && !answer.isPending,
    error: answer.data === undefined ? answer.error : null,
    retry: () => void answer.refetch(),
    more: hasNextPage ? () => void fetchNextPage() : undefined,
    isLoadingMore: isFetchingNextPage,
  };
}
