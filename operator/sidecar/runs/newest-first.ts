import type { RunSeen } from "../../reconcile/seen.ts";

type Dated = Pick<RunSeen, "createdAt" | "uid">;

/** By creation, then by uid: the API server writes whole seconds, and all who look must see one order. */
export function newestFirst(one: Dated, other: Dated): number {
  const byTime = other.createdAt.getTime() - one.createdAt.getTime();
  if (byTime !== 0) return byTime;
  return one.uid > other.uid ? -1 : 1;
}
