import type { V1Job } from "@kubernetes/client-node";

import type { RetrainRunStatus } from "../../contract/status.ts";
import type { JobSeen, RunSeen, Seen } from "./seen.ts";
import type { Settings } from "./settings.ts";

/** The one thing that a pass does to the cluster beside writing statuses. */
export type Action =
  | { readonly do: "nothing" }
  /** Annotate the run with `retrain.velo/started: <uid>`, look at the model's Jobs once more, then create. */
  | { readonly do: "create-job"; readonly run: RunSeen; readonly job: V1Job }
  /** The Job's Pod gets SIGTERM; the Job stays and can be read. */
  | { readonly do: "suspend-job"; readonly job: JobSeen }
  /** Once the verdict is written: the Job goes so many seconds after its end. */
  | { readonly do: "expire-job"; readonly job: JobSeen; readonly seconds: number }
  /** A suspended Job whose attempt is written down: it would never end, and block the model for ever. Its uid is a precondition. */
  | { readonly do: "delete-job"; readonly job: JobSeen }
  /** Set `spec.cancel` of a run that a restore must not wait for. */
  | { readonly do: "cancel-run"; readonly run: RunSeen; readonly why: string }
  | { readonly do: "delete-run"; readonly run: RunSeen; readonly why: string };

/** The whole status that a run shall have. */
export interface StatusChange {
  readonly run: RunSeen;
  readonly status: RetrainRunStatus;
}

/** Something that `kubectl describe` shall tell about a run. */
export interface PlannedEvent {
  readonly run: RunSeen;
  readonly type: "Normal" | "Warning";
  /** One word. */
  readonly reason: string;
  /** One sentence. */
  readonly message: string;
  /** Number of the attempt that it is about; undefined before the first one. */
  readonly attempt: number | undefined;
  /** What the operator did or tried, one word: Accept, Queue, CreateJob, Retry, Finish, … */
  readonly action: string;
}

export interface Plan {
  readonly action: Action;
  /** Only those that differ from what was seen. */
  readonly statuses: readonly StatusChange[];
  readonly events: readonly PlannedEvent[];
  /** Undefined when only a change can lead on. */
  readonly wakeAt: Date | undefined;
}

/** What to do next, from what was seen. No clock, no client: `now` and `settings` come in. */
export type Decide = (seen: Seen, settings: Settings, now: Date) => Plan;
