import { useNavigate, useSearch } from "@tanstack/react-router";

/** Returns the position or moment that is looked at, or undefined for now. */
export function useAt(): string | undefined {
  return useSearch({ strict: false, select: (search) => search.at });
}

/** Returns what goes to a position or moment, or back to now. */
export function useTravel(): (at: string | undefined) => void {
  const navigate = useNavigate();
  return (at) => void navigate({ to: ".", search: (search) => ({ ...search, at }) });
}
