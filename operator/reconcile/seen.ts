import type { RetrainRunSpec } from "../../contract/retrain-run.ts";
import type { RetrainRunStatus } from "../../contract/status.ts";

/** What is wrong with a spec, as a person can mend it: field, value found, rule. */
export interface Refusal {
  readonly reason: string;
  readonly message: string;
}

/** What a person asks of a run whatever else its spec says. */
export type Asked = Pick<RetrainRunSpec, "cancel" | "suspend" | "dryRun" | "force" | "restore">;

/** A spec that cannot be used, with what of it can be read all the same: its run may be under way, and has to be stopped. */
export interface UnusableSpec extends Refusal {
  readonly asked: Asked;
}

/** The API server's refusal to create a Job. */
export interface RefusedJob extends Refusal {
  /** When it was tried. */
  readonly at: Date;
}

/** A RetrainRun as the API server has it, fields that this version does not know left out. */
export interface RunSeen {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  readonly createdAt: Date;
  /** Somebody deletes it; garbage collection ends its Jobs. */
  readonly deleting: boolean;
  /** The uid that `retrain.velo/started` names; another one than the run's own came with a cluster backup. */
  readonly startedAs: string | undefined;
  /** The Job that the API server has refused to create, by `retrain.velo/refused`, and when it did so first. */
  readonly refused?: { readonly job: string; readonly since: Date };
  /** What can be read of the spec even when it is refused. */
  readonly model: string;
  readonly spec: RetrainRunSpec | UnusableSpec;
  readonly status: RetrainRunStatus;
  /** The status's lists as they are, where they hold more than this version can read. */
  readonly written?: WrittenLists;
}

/** Lists whose items a newer version may give more fields, or add some of its own. */
export interface WrittenLists {
  readonly conditions?: readonly WrittenItem[];
  readonly attempts?: readonly WrittenItem[];
}
export type WrittenItem = Readonly<Record<string, unknown>>;

export interface JobSeen {
  readonly name: string;
  readonly uid: string;
  /** uid of the controlling owner. */
  readonly ownerUid: string | undefined;
  readonly createdAt: Date;
  readonly deleting: boolean;
  readonly suspended: boolean;
  readonly ttlSecondsAfterFinished: number | undefined;
  /** Its Complete or Failed condition, when True; message of a podFailurePolicy names the exit code. */
  readonly finished:
    | {
        readonly type: "Complete" | "Failed";
        readonly reason: string;
        readonly message: string;
        readonly at: Date;
      }
    | undefined;
}

export interface ContainerSeen {
  readonly waiting: { readonly reason: string; readonly message: string } | undefined;
  readonly runningSince: Date | undefined;
  readonly terminated:
    | {
        readonly exitCode: number;
        readonly reason: string;
        /** The trainer's termination message, or the end of its log (FallbackToLogsOnError). */
        readonly message: string;
        readonly finishedAt: Date;
      }
    | undefined;
}

export interface PodSeen {
  readonly name: string;
  readonly uid: string;
  /** uid of the Job that controls it. */
  readonly jobUid: string | undefined;
  readonly createdAt: Date;
  readonly node: string | undefined;
  /** The metadata's deletionTimestamp (already the end of the grace period). */
  readonly deletingAt: Date | undefined;
  /** No longer in the API server; this is how it was seen last. */
  readonly gone: boolean;
  readonly phase: "Pending" | "Running" | "Succeeded" | "Failed" | "Unknown";
  /** The Pod status's own: Evicted, DeadlineExceeded, NodeLost, … */
  readonly reason: string | undefined;
  readonly message: string | undefined;
  readonly conditions: readonly {
    readonly type: string;
    readonly status: string;
    readonly reason: string;
    readonly message: string;
  }[];
  /** The trainer's container; all undefined before the kubelet says something. */
  readonly trainer: ContainerSeen;
}

/** An Event about a Pod or a Job of the model, newest count and time. */
export interface EventSeen {
  readonly aboutUid: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly at: Date;
}

/** Everything that is known about one model in one namespace. */
export interface Seen {
  readonly namespace: string;
  readonly model: string;
  /** In no order. */
  readonly runs: readonly RunSeen[];
  /** All that carry the model's label, those whose run is gone included. */
  readonly jobs: readonly JobSeen[];
  readonly pods: readonly PodSeen[];
  /** Asked only while an attempt is pending or its creation was refused; newest last. */
  readonly events: readonly EventSeen[];
  /** The end of the trainer's log by Pod uid; asked as often as a running one is looked at, and when it ended without a report. */
  readonly logs: ReadonlyMap<string, string>;
  /** Why the API server refused to create the Job of this run's next attempt, in this process's last try; by run uid. */
  readonly refusedJobs: ReadonlyMap<string, RefusedJob>;
  /** Jobs and runs that the API server lately refused to have tidied, by uid: until when others come first. */
  readonly refusedTidying: ReadonlyMap<string, Date>;
}
