import type { Trigger } from "../../../contract/retrain-run.ts";
import type { Verdict } from "../../../contract/verdicts.ts";
import { asked } from "../../reconcile/moment.ts";
import type { RunSeen } from "../../reconcile/seen.ts";

/** What has become of a run between two looks at it. */
export type Transition =
  | { readonly kind: "started"; readonly trigger: Trigger }
  | {
      readonly kind: "ended";
      readonly model: string;
      readonly trigger: Trigger;
      readonly verdict: Verdict;
      /** From its first attempt to its verdict; undefined when it had none. */
      readonly seconds: number | undefined;
    };

/** A run that is seen for the first time has not started before; one that is gone does nothing any more. */
export function transitions(before: RunSeen | undefined, after: RunSeen | undefined): readonly Transition[] {
  if (after === undefined) return [];
  return [...started(before, after), ...ended(before, after)];
}

/** A restore is no training. */
function started(before: RunSeen | undefined, after: RunSeen): readonly Transition[] {
  const isNew = before?.status.startTime === undefined && after.status.startTime !== undefined;
  const isTraining = asked(after).restore === undefined;
  return isNew && isTraining ? [{ kind: "started", trigger: triggerOf(after) }] : [];
}

function ended(before: RunSeen | undefined, after: RunSeen): readonly Transition[] {
  const { verdict } = after.status;
  if (verdict === undefined || before?.status.verdict !== undefined) return [];
  const { model } = after;
  return [{ kind: "ended", model, trigger: triggerOf(after), verdict, seconds: durationOf(after) }];
}

const triggerOf = ({ spec }: RunSeen): Trigger => ("reason" in spec ? undefined : spec.trigger) ?? "Manual";

function durationOf({ status: { startTime, completionTime } }: RunSeen): number | undefined {
  if (startTime === undefined || completionTime === undefined) return undefined;
  return Math.max(0, (Date.parse(completionTime) - Date.parse(startTime)) / 1000);
}
