import type { RetrainRunStatus } from "../../../contract/status.ts";
import type { AttemptState } from "../attempt/attempt-state.ts";
import type { RefusedJob, Refusal, RunSeen } from "../seen.ts";
import type { Ending } from "../status/ending.ts";
import type { Accepted } from "./freeze.ts";
import type { OpenAttempt } from "./open-attempt.ts";

/** A run with where it stands. */
export interface Standing {
  readonly run: RunSeen;
  /** What it is made of; undefined where that is not asked, and before it was accepted. */
  readonly accepted: Accepted | undefined;
  readonly state: RunState;
}

export type RunState =
  /** Its verdict is written, or somebody deletes it: nothing is written for it any more. */
  | { readonly kind: "settled" }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | { readonly kind: "suspended" }
  /** Wants a Job; `refused` when the API server did not take it lately. */
  | { readonly kind: "ready"; readonly refused: RefusedJob | undefined }
  /** Between two attempts. It keeps its turn after a failure, and not while it waits for other data. */
  | { readonly kind: "waiting"; readonly until: Date; readonly keepsTurn: boolean }
  | Attempting
  | Retrying
  | Over;

/** Its Job exists, or existed when it was last seen, and has not ended. */
export interface Attempting {
  readonly kind: "attempting";
  readonly attempt: OpenAttempt;
  readonly state: Exclude<AttemptState, { kind: "ended" }>;
  readonly stop: Stop | undefined;
}
/** Why an attempt is stopped before its end. */
export type Stop = "cancel" | "pendingTooLong";

/** An attempt has ended, and another one follows: to be written. */
export interface Retrying {
  readonly kind: "retrying";
  readonly closed: ClosedAttempt;
  readonly why: "BackingOff" | "WaitingForData";
  readonly message: string;
  readonly until: Date;
}

/** The verdict is known: to be written. `closed` is the attempt that led to it. */
export interface Over {
  readonly kind: "over";
  readonly ending: Ending;
  readonly closed?: ClosedAttempt;
}

export interface ClosedAttempt {
  readonly attempt: OpenAttempt;
  /** What the attempt's end changes in the status. */
  readonly fields: Pick<RetrainRunStatus, "attempts" | "startTime" | "failures" | "aborted">;
}
