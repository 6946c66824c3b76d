import type { RetrainRunStatus } from "../../contract/status.ts";
import type { Asked, RunSeen, Seen } from "./seen.ts";
import type { Settings } from "./settings.ts";

/** All that a decision depends on. */
export interface Moment {
  readonly seen: Seen;
  readonly settings: Settings;
  readonly now: Date;
}

export type AttemptRecord = NonNullable<RetrainRunStatus["attempts"]>[number];
export type ConditionRecord = NonNullable<RetrainRunStatus["conditions"]>[number];

/** What the spec asks for; what can be read of it when it cannot be used. */
export const asked = ({ spec }: RunSeen): Asked => ("reason" in spec ? spec.asked : spec);

export const conditionOf = (run: RunSeen, type: ConditionRecord["type"]): ConditionRecord | undefined =>
  run.status.conditions?.find((condition) => condition.type === type);
