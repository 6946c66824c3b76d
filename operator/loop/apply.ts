import { NotLeader } from "../kube/lease-fence.ts";
import type { Action, Plan } from "../reconcile/plan.ts";
import type { Seen } from "../reconcile/seen.ts";
import { act, type Acted } from "./act.ts";
import type { ApplyParts } from "./apply-parts.ts";
import { keyOf } from "./keys.ts";
import { isRefusal, noteRefusals } from "./note-refusals.ts";
import { writeStatuses } from "./write-statuses.ts";

/** What came of a plan. */
export type Applied =
  /** What was decided on is no longer so, or the Job was refused: decide again at once. */
  | "again"
  | {
      /** Something is another than before: decide at once what follows. */
      readonly hasChanged: boolean;
      /** A write is refused until somebody changes something: try again after a wait. */
      readonly isRefused: boolean;
    };

/**
 * Carries out a plan: its action, then the statuses, then the Events of those that were written. A crash between two steps leaves
 * what the next pass repairs. One write that is refused keeps no other from being made: a Job that a policy does not let go may not
 * hold up the model's runs, nor one run the others. Throws, when all has been tried, what a later try may not meet.
 */
export async function apply(plan: Plan, seen: Seen, parts: ApplyParts): Promise<Applied> {
  const key = keyOf(seen.namespace, seen.model);
  const { acted, failures } = await acting(plan.action, seen, parts);
  if (acted === "again") return "again";
  const statuses = await writeStatuses(plan.statuses, acted.run, parts);
  for (const event of plan.events) if (statuses.written.has(event.run.uid)) parts.record(event);

  const hasActed = plan.action.do !== "nothing" && failures.length === 0;
  noteRefusals({ key, what: "objects", failures, hasWritten: hasActed }, parts);
  noteRefusals(
    { key, what: "statuses", failures: statuses.failures, hasWritten: statuses.written.size > 0 },
    parts,
  );
  const isPassedOver = failures.some(isRefusal) && parts.refusedTidying.add(key, plan.action, parts.clock());
  const all = [...failures, ...statuses.failures];
  throwAll(all.filter((failure) => !isRefusal(failure)));
  if (statuses.isStale) return "again";
  return { hasChanged: hasActed || isPassedOver || statuses.written.size > 0, isRefused: all.length > 0 };
}

/** What the statuses of the same plan say has happened must have; the others only tidy up. */
const comeFirst: readonly Action["do"][] = ["create-job", "cancel-run"];

interface Acting {
  readonly acted: Acted;
  readonly failures: readonly unknown[];
}

async function acting(action: Action, seen: Seen, parts: ApplyParts): Promise<Acting> {
  try {
    return { acted: await act(action, seen, parts), failures: [] };
  } catch (error) {
    if (error instanceof NotLeader || comeFirst.includes(action.do)) throw error;
    return { acted: {}, failures: [error] };
  }
}

function throwAll(failures: readonly unknown[]): void {
  if (failures.length > 1) {
    const texts = failures.map((failure) => (Error.isError(failure) ? failure.message : String(failure)));
    throw new AggregateError(failures, texts.join("; "));
  }
  if (failures.length === 1) throw failures[0];
}
