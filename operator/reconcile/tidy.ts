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

/** What remains of attempts that are written down; then, one after the other, runs that are not kept any more. */
export function tidying({ seen, settings, now }: Moment): Tidying {
  const leftovers = leftoversIn(seen);
  const jobs = [...leftovers.map((leftover) => ending(leftover, seen, now)), ...leftovers.map(expiry)];
  const { prune, next } = pruning(
    seen.runs.filter(({ deleting }) => !deleting),
    settings.configuration,
    now,
  );
  return {
    action: jobs.find((action) => action !== undefined) ?? (prune && { do: "delete-run", ...prune }),
    next: earliest([next, ...leftovers.map((leftover) => endingDueAt(leftover, now))]),
  };
}
