import type { TerminationMessage } from "../../../../contract/termination-message.ts";
import type { AttemptSeen } from "../../../../operator/reconcile/attempt/attempt.ts";
import type { EventSeen, JobSeen, PodSeen } from "../../../../operator/reconcile/seen.ts";
import { jobSeen, noContainer, podSeen, secondsLater } from "../../../support/seen.ts";

/** Seconds after the attempt's start. */
export const at = (seconds: number): Date => secondsLater(seconds);

export const job = (differs: Partial<JobSeen> = {}): JobSeen =>
  jobSeen({ name: "rr-0123456789-1", uid: "job-1", ownerUid: "run-1", createdAt: at(0), ...differs });

const finished = (type: "Complete" | "Failed", reason: string, message: string): JobSeen =>
  job({ finished: { type, reason, message, at: at(101) } });

/** Finished Jobs, in the words of the Job controller of Kubernetes 1.34. */
export const jobs = {
  complete: finished("Complete", "CompletionsReached", "Reached expected number of succeeded pods"),
  failed: finished("Failed", "BackoffLimitExceeded", "Job has reached the specified backoff limit"),
  late: finished("Failed", "DeadlineExceeded", "Job was active longer than specified deadline"),
  disrupted: finished(
    "Failed",
    "PodFailurePolicy",
    "Pod default/rr-0123456789-1-abcde has condition DisruptionTarget matching FailJob rule at index 0",
  ),
  exited: (exitCode: number): JobSeen =>
    finished(
      "Failed",
      "PodFailurePolicy",
      `Container trainer for pod default/rr-0123456789-1-abcde failed with exit code ${String(exitCode)} matching FailJob rule at index 1`,
    ),
  suspended: job({ suspended: true }),
  deleting: job({ deleting: true }),
} as const;

export const pod = (differs: Partial<PodSeen> = {}): PodSeen =>
  podSeen({
    name: "rr-0123456789-1-abcde",
    uid: "pod-1",
    jobUid: "job-1",
    createdAt: at(1),
    node: "node-a",
    ...differs,
  });

export const waiting = (reason: string, message = ""): PodSeen =>
  pod({ trainer: { ...noContainer, waiting: { reason, message } } });

export const running = (differs: Partial<PodSeen> = {}): PodSeen =>
  pod({ phase: "Running", trainer: { ...noContainer, runningSince: at(10) }, ...differs });

export interface End {
  readonly exitCode: number;
  readonly reason?: string;
  /** A report, or text. */
  readonly message?: object | string;
}

/** A Pod whose container has ended, at second 100. */
export const ended = ({ exitCode, reason, message = "" }: End, differs: Partial<PodSeen> = {}): PodSeen =>
  pod({
    phase: exitCode === 0 ? "Succeeded" : "Failed",
    trainer: {
      ...noContainer,
      terminated: {
        exitCode,
        reason: reason ?? (exitCode === 0 ? "Completed" : "Error"),
        message: typeof message === "string" ? message : JSON.stringify(message),
        finishedAt: at(100),
      },
    },
    ...differs,
  });

export const condition = (type: string, status: string, reason: string, message: string) => ({
  conditions: [{ type, status, reason, message }],
});
export const disrupted = (reason: string, message: string): Pick<PodSeen, "conditions"> =>
  condition("DisruptionTarget", "True", reason, message);

export const event = (reason: string, message: string, differs: Partial<EventSeen> = {}): EventSeen => ({
  aboutUid: "pod-1",
  type: "Warning",
  reason,
  message,
  at: at(20),
  ...differs,
});

export const report = (differs: Partial<TerminationMessage> = {}): TerminationMessage => ({
  schemaVersion: 1,
  runUid: "run-1",
  verdict: "Published",
  reason: "NewVersion",
  message: "Version 20260101T000140Z-ab is current",
  peakMemoryBytes: 400 * 1024 * 1024,
  ...differs,
});
export const failed = (reason: string, message = "Cannot go on"): TerminationMessage =>
  report({ verdict: "Failed", reason, message });
export const stopped = report({ verdict: "Cancelled", reason: "Terminated", message: "Stopped on request" });

/** An attempt with a Job that is not finished and no Pod yet, two minutes after its start. */
export const attempt = (differs: Partial<AttemptSeen> = {}): AttemptSeen => ({
  runUid: "run-1",
  job: job(),
  pods: [],
  events: [],
  log: undefined,
  memoryLimit: "2Gi",
  mayBegin: false,
  now: at(120),
  ...differs,
});
