import type { RetrainRunStatus } from "../../../contract/status.ts";
import type { AttemptEnd } from "../attempt/attempt-state.ts";
import type { RunSeen } from "../seen.ts";

export type Failures = NonNullable<RetrainRunStatus["failures"]>;

const freeDisruptions = 5;
const firstBackOffSeconds = 60;
const longestBackOffSeconds = 600;

/**
 * The counts with one more attempt. The first five disruptions are free; what another writer has locked, and what gave a report, is no
 * failure.
 */
export function countedIn(
  before: Failures | undefined,
  outcome: AttemptEnd["outcome"],
): Failures | undefined {
  const { counted, disruptions } = before ?? { counted: 0, disruptions: 0 };
  switch (outcome) {
    case "report":
    case "locked":
      return before;
    case "disruption":
      return { counted: counted + (disruptions < freeDisruptions ? 0 : 1), disruptions: disruptions + 1 };
    case "counted":
    case "permanent":
    case "timedOut":
      return { counted: counted + 1, disruptions };
    default:
      return outcome satisfies never;
  }
}

/** 60 s, doubled for each attempt in a row that failed, at most 10 minutes. */
export function backOffSeconds({ status }: RunSeen): number {
  const earlier = (status.attempts ?? []).filter(({ finishedAt }) => finishedAt !== undefined);
  const inARow = earlier.length - 1 - earlier.findLastIndex(({ job }) => job === status.aborted?.job);
  return Math.min(firstBackOffSeconds * 2 ** inARow, longestBackOffSeconds);
}
