import type { Configuration } from "../../contract/configuration.ts";
import { protectedRuns, type Finished } from "./protected-runs.ts";
import type { RunSeen } from "./seen.ts";
import { hasGoneWell } from "./status/ending.ts";
import { earliest, plusSeconds } from "./times.ts";

export interface Pruning {
  readonly prune: { readonly run: RunSeen; readonly why: string } | undefined;
  /** When the next time to live is over. */
  readonly next: Date | undefined;
}

/**
 * The finished run of one model that is removed next, the oldest first: one whose time to live is over, or one more than are kept of
 * those that ended well or of the others. What readers, people and the schedule still need is never removed, and what the API server
 * refused to remove, by uid, is passed over.
 */
export function pruning(
  runs: readonly RunSeen[],
  configuration: Configuration,
  now: Date,
  refused: ReadonlyMap<string, unknown> = new Map(),
): Pruning {
  const finished = finishedOf(runs);
  const keep = protectedRuns(finished, now);
  const surplus = surplusOf(finished, configuration);
  const removable = finished.filter(({ run }) => !run.deleting && !keep.has(run.uid));
  const due = removable.flatMap((candidate) => {
    const why = expired(candidate, now) ?? surplus.get(candidate.run.uid);
    return why === undefined || refused.has(candidate.run.uid) ? [] : [{ run: candidate.run, why }];
  });
  const expiries = removable.map(expiryOf).filter((at) => at !== undefined && at > now);
  return { prune: due.at(-1), next: earliest(expiries) };
}

/** Newest first. */
function finishedOf(runs: readonly RunSeen[]): readonly Finished[] {
  const finished = runs.flatMap((run): Finished[] => {
    const { verdict, completionTime } = run.status;
    if (verdict === undefined) return [];
    return [{ run, verdict, at: completionTime === undefined ? run.createdAt : new Date(completionTime) }];
  });
  return finished.sort(newestFirst);
}

/** Runs of one moment are told apart by their uid, so that every operator sees one order. */
const newestFirst = (one: Finished, other: Finished): number =>
  other.at.getTime() - one.at.getTime() || (one.run.uid < other.run.uid ? 1 : -1);

/** Why, by uid, for each run beyond the number that is kept of its kind. */
function surplusOf(finished: readonly Finished[], { keepRuns }: Configuration): ReadonlyMap<string, string> {
  const left = finished.filter(({ run }) => !run.deleting);
  const [good, bad] = [left.filter(endedWell), left.filter((one) => !endedWell(one))];
  const beyond = (kind: readonly Finished[], kept: number, words: string): [string, string][] =>
    kind.slice(kept).map(({ run }) => [run.uid, `it is not among the last ${String(kept)} that ${words}`]);
  return new Map([
    ...beyond(good, keepRuns.succeeded, "ended well"),
    ...beyond(bad, keepRuns.failed, "did not end well"),
  ]);
}

const endedWell = ({ verdict }: Finished): boolean => hasGoneWell(verdict);

const timeToLive = ({ run }: Finished): number | undefined => run.status.resolved?.ttlSecondsAfterFinished;

function expiryOf(finished: Finished): Date | undefined {
  const seconds = timeToLive(finished);
  return seconds === undefined ? undefined : plusSeconds(finished.at, seconds);
}

function expired(finished: Finished, now: Date): string | undefined {
  const at = expiryOf(finished);
  if (at === undefined || at > now) return undefined;
  return `it ended more than ${String(timeToLive(finished))} seconds ago, its ttlSecondsAfterFinished`;
}
