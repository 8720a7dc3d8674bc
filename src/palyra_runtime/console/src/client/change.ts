import { useQueryClient } from "@tanstack/react-query";

import { tell } from "#/elements/Toasts";

import type { AnswerOf, OperationName, Told } from "./ask";
import { ask } from "./ask";

/** Returns a function that changes something, says that it is done where there are words, and has everything shown anew. */
export function useChange(): <N extends OperationName>(name: N, told: Told<N>, done?: string) => Promise<AnswerOf<N>> {
  const client = useQueryClient();
  return async (name, told, done) => {
    const answer = await ask(name, told);
    if (done !== undefined) tell(done);
    await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" });
    return answer;
  };
}
