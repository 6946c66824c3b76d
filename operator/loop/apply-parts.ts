import type { Kube } from "../kube/api.ts";
import type { PlannedEvent } from "../reconcile/plan.ts";
import type { RefusedJobs } from "./refused-jobs.ts";
import type { RefusedTidying } from "./refused-tidying.ts";
import type { Troubles } from "./troubles.ts";
import type { World } from "./world.ts";

/** What carrying out a plan needs. */
export interface ApplyParts {
  /** Writes only as long as the namespace's Lease is held. */
  readonly kube: Kube;
  readonly world: World;
  readonly refusedJobs: RefusedJobs;
  readonly refusedTidying: RefusedTidying;
  readonly troubles: Troubles;
  readonly clock: () => Date;
  readonly record: (event: PlannedEvent) => void;
  /** Hears of each write that is refused until somebody changes something; whether it is another trouble than before. */
  readonly onRefused: (error: unknown, isNews: boolean) => void;
}
