import type { OperationName } from "#/client/ask";
import type { Role } from "#/client/session";
import { useMay } from "#/client/session";
import { ROUTES } from "#/contract/routes";
import { useAt } from "#/shell/past";

/** Returns why an operation cannot be asked for here: it is the past, or takes a role; undefined where it can. */
export function useObstacle(operation: OperationName): string | undefined {
  const role: Role = ROUTES[operation][2] || "operator";
  const may = useMay(role);
  const isPast = useAt() !== undefined;
  if (isPast) return "Nothing can be changed in the past";
  return may ? undefined : `This takes the role ${role}`;
}
