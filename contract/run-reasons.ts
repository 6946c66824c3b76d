/**
 * What the operator says of a run, beside the trainer's own reasons: reasons of conditions, attempts, verdicts and Events, each with
 * its meaning. The words are API: alerts and scripts match on them.
 */
export const runReasons = {
  // Accepted
  Valid: "The spec is complete and allowed; what the run will do is frozen in status.resolved",
  InvalidSpec: "A field has a value that is not allowed; the message names field, value and rule",
  UnknownModel: "The configuration knows no such model",
  NotAllowed: "Image, Secret or claim is not among those that the configuration allows",
  InputTooLarge: "What would be frozen in the status is larger than 32 KiB",

  // Finished, Succeeded and Published, before the verdict
  NotFinished: "There is no verdict yet",

  // Progressing, before an attempt
  Queued: "Another run of the model is active, or comes first",
  Suspended: "spec.suspend holds it",
  WaitingForOldPod: "The Pod of an earlier attempt has not gone yet",
  NodeLost: "The Pod of an earlier attempt has been going for ten minutes: its node does not answer",
  BackingOff: "An attempt failed; the next one waits for status.nextRetryTime",
  WaitingForData: "The data were refused; they are read again at status.nextRetryTime",

  // Progressing, during an attempt
  Pending: "The Job exists, its container does not run yet",
  Running: "The trainer runs",
  Cancelling: "The trainer was told to stop",

  // Why an attempt does not start; also the verdict's reason once pendingDeadlineSeconds are over
  ImagePullBackOff: "The image cannot be pulled",
  Unschedulable: "No node takes the Pod",
  QuotaExceeded: "A ResourceQuota leaves no room for Job or Pod",
  AdmissionRefused: "An admission controller refused Job or Pod",
  CreateContainerConfigError: "The container cannot be made, for instance because the Secret is missing",
  VolumeAttachFailed: "The volume cannot be attached to the node",
  VolumeMountFailed: "The volume cannot be mounted",
  JobSuspended: "Somebody else suspends the Job, as a queue for Jobs does, and has not let it start",
  PodNotStarted: "The Pod did not start, and nothing told why",
  NameConflict: "Another object has the Job's name",

  // Why an attempt ended without a report
  OOMKilled: "More memory was used than job.resources.limits.memory allows",
  Evicted: "The kubelet took the Pod away because the node ran out of something",
  Disrupted: "Drain, preemption or another disruption of the node",
  JobDeleted: "Somebody deleted the Job",
  PodDeleted: "Somebody deleted the Pod",
  DeadlineExceeded: "The attempt took longer than job.activeDeadlineSeconds",
  NoReport: "The trainer's termination message is missing, cut or no JSON",

  // Verdicts of the operator
  AlreadyDone: "Skipped: another run has done the period",
  RestoredFromBackup: "Skipped: another cluster's operator has started it",
  CancelRequested: "Cancelled: spec.cancel",
} as const satisfies Record<string, string>;
export type RunReason = keyof typeof runReasons;

/** Each word under its own name. */
export const RunReason = Object.fromEntries(Object.keys(runReasons).map((word) => [word, word])) as {
  readonly [Word in RunReason]: Word;
};
