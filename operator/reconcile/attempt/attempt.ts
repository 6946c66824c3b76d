import type { RetrainRunStatus } from "../../../contract/status.ts";
import type { TerminationMessage } from "../../../contract/termination-message.ts";
import type { EventSeen, JobSeen, PodSeen, Refusal } from "../seen.ts";

/** What is known about one attempt of a run: its Job and that Job's Pods. */
export interface AttemptSeen {
  readonly runUid: string;
  /** Undefined when it is not there (any more). */
  readonly job: JobSeen | undefined;
  /** This Job's, gone ones included; in no order. */
  readonly pods: readonly PodSeen[];
  /** Those about other objects are ignored. */
  readonly events: readonly EventSeen[];
  /** The end of the newest Pod's log. */
  readonly log: string | undefined;
  /** job.resources.limits.memory as it is now, e.g. `2Gi`. */
  readonly memoryLimit: string | undefined;
  /** The attempt may still begin: it has not run, nobody stops it, and there is time left for it to start. */
  readonly mayBegin: boolean;
  readonly now: Date;
}

export type Progress = NonNullable<RetrainRunStatus["progress"]>;

export type AttemptState =
  /** The container does not run yet; `why` when something tells. */
  | { readonly kind: "pending"; readonly why: Refusal | undefined }
  | { readonly kind: "running"; readonly since: Date; readonly progress: Progress | undefined }
  /** Suspended, deleted or evicted, and how it ended is not known yet. */
  | { readonly kind: "stopping" }
  | { readonly kind: "ended"; readonly end: AttemptEnd };

/**
 * What an end means for the run: `report` is a verdict of the trainer (it stands in the report), `permanent` a failure that a retry
 * meets again, `counted` one that a retry may not meet, `disruption` the cluster's doing, `locked` a model's directory in use.
 */
export type Outcome = "report" | "permanent" | "counted" | "disruption" | "locked" | "timedOut";

export interface AttemptEnd {
  readonly at: Date | undefined;
  /** Undefined when no container ended, or nobody saw it. */
  readonly exitCode: number | undefined;
  readonly report: TerminationMessage | undefined;
  readonly outcome: Outcome;
  /** One word: the report's, or a RunReason. */
  readonly reason: string;
  /** What was found and what to do; at most 4,096 characters, secrets masked. */
  readonly message: string;
}
