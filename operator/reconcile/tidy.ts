import { ending, endingDueAt, expiry, leftoversIn } from "./leftover.ts";
import type { Moment } from "./moment.ts";
import type { Action } from "./plan.ts";
import { pruning } from "./pruning.ts";
import { earliest } from "./times.ts";

export interface Tidying {
  readonly action: Action | undefined;
  /** When there will be more to do. */
  readonly next: Date | undefined;
}

/**
 * What remains of attempts that are written down; then, one after the other, runs that are not kept any more. What the API server refused
 * to have tidied holds up no other: it is passed over for a while.
 */
export function tidying({ seen, settings, now }: Moment): Tidying {
  const { refusedTidying: refused } = seen;
  const leftovers = leftoversIn(seen).filter(({ job }) => !refused.has(job.uid));
  const jobs = [...leftovers.map((leftover) => ending(leftover, seen, now)), ...leftovers.map(expiry)];
  const { prune, next } = pruning(
    seen.runs.filter(({ deleting }) => !deleting),
    settings.configuration,
    now,
    refused,
  );
  return {
    action: jobs.find((action) => action !== undefined) ?? (prune && { do: "delete-run", ...prune }),
    next: earliest([next, ...refused.values(), ...leftovers.map((leftover) => endingDueAt(leftover, now))]),
  };
}
