import { purposeOf } from "../frozen.ts";
import type { RunSeen } from "../seen.ts";

/**
 * Who goes first: restores, since they mend what is in use; then a run between two failed attempts, which keeps its turn; then the
 * oldest. Runs of one second are told apart by their uid, so that every operator sees one order.
 */
export function inOrder(one: RunSeen, other: RunSeen): number {
  const byRank = rank(one) - rank(other);
  if (byRank !== 0) return byRank;
  const byTime = one.createdAt.getTime() - other.createdAt.getTime();
  if (byTime !== 0) return byTime;
  return one.uid < other.uid ? -1 : 1;
}

function rank(run: RunSeen): number {
  if (purposeOf(run).restore !== undefined) return 0;
  return keepsItsTurn(run) ? 1 : 2;
}

/** Not the run whose data were refused: that may take weeks. */
const keepsItsTurn = (run: RunSeen): boolean => run.status.startTime !== undefined && !waitsForData(run);

/** Whether the last attempt found that the data cannot be used. */
export const waitsForData = ({ status }: RunSeen): boolean =>
  status.aborted !== undefined && status.aborted.job === status.attempts?.at(-1)?.job;
