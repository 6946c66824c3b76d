import { RunReason } from "../../../contract/run-reasons.ts";
import type { EventSeen, PodSeen, Refusal } from "../seen.ts";
import type { AttemptSeen } from "./attempt.ts";
import { quoted } from "./safe-text.ts";

/**
 * Why a container does not run yet, when something tells: its waiting state, else the scheduler's condition (both hold until they
 * change), else the newest Event, which tells of one moment.
 */
export function pendingReason(
  { job, events }: Pick<AttemptSeen, "job" | "events">,
  pod: PodSeen | undefined,
): Refusal | undefined {
  if (pod !== undefined) return waiting(pod) ?? unscheduled(pod) ?? troubleOf(pod, events);
  if (job?.suspended === true) return suspension(job.name);
  return job === undefined ? undefined : creationTrouble(job.name, newestOf(events, job.uid));
}

const suspension = (job: string): Refusal => ({
  reason: RunReason.JobSuspended,
  message: `Job ${job} is suspended, and not by this operator: whoever suspends it, such as a queue for Jobs, has to let it start within job.pendingDeadlineSeconds`,
});

const waitingReasons: ReadonlyMap<string, RunReason> = new Map([
  ["ImagePullBackOff", RunReason.ImagePullBackOff],
  ["ErrImagePull", RunReason.ImagePullBackOff],
  ["InvalidImageName", RunReason.ImagePullBackOff],
  ["ErrImageNeverPull", RunReason.ImagePullBackOff],
  ["ImageInspectError", RunReason.ImagePullBackOff],
  ["RegistryUnavailable", RunReason.ImagePullBackOff],
  ["SignatureValidationFailed", RunReason.ImagePullBackOff],
  ["CreateContainerConfigError", RunReason.CreateContainerConfigError],
  ["CreateContainerError", RunReason.CreateContainerConfigError],
  ["RunContainerError", RunReason.CreateContainerConfigError],
]);
/** The kubelet is at work. */
const ordinary = ["ContainerCreating", "PodInitializing", ""];

function waiting(pod: PodSeen): Refusal | undefined {
  const { reason, message } = pod.trainer.waiting ?? { reason: "", message: "" };
  if (ordinary.includes(reason)) return undefined;
  const known = waitingReasons.get(reason) ?? RunReason.PodNotStarted;
  return trouble(known, `Cannot start the container of Pod ${pod.name}: ${quoted(reason, 100)}`, message);
}

function unscheduled(pod: PodSeen): Refusal | undefined {
  const condition = pod.conditions.find(({ type, status }) => type === "PodScheduled" && status === "False");
  if (condition === undefined) return undefined;
  return trouble(RunReason.Unschedulable, `Cannot find a node for Pod ${pod.name}`, condition.message);
}

const eventReasons: ReadonlyMap<string, RunReason> = new Map([
  ["FailedScheduling", RunReason.Unschedulable],
  ["FailedAttachVolume", RunReason.VolumeAttachFailed],
  ["FailedMount", RunReason.VolumeMountFailed],
  ["FailedMapVolume", RunReason.VolumeMountFailed],
  ["FailedCreatePodSandBox", RunReason.PodNotStarted],
]);
/** Each comes after what could go wrong before it. */
const milestones = ["Scheduled", "SuccessfulAttachVolume", "Pulling", "Pulled", "Created", "Started"];

function troubleOf(pod: PodSeen, events: readonly EventSeen[]): Refusal | undefined {
  const told = events.filter(({ reason }) => eventReasons.has(reason) || milestones.includes(reason));
  const newest = newestOf(told, pod.uid);
  const reason = eventReasons.get(newest?.reason ?? "");
  if (newest === undefined || reason === undefined) return undefined;
  if (reason === RunReason.Unschedulable && pod.node !== undefined) return undefined;
  return trouble(reason, `Cannot start Pod ${pod.name}: ${newest.reason}`, newest.message);
}

/** The Job controller's FailedCreate holds what the API server answered: a quota, an admission controller, or something that passes. */
function creationTrouble(job: string, event: EventSeen | undefined): Refusal | undefined {
  if (event?.reason !== "FailedCreate") return undefined;
  return trouble(refusalReason(event.message), `Cannot create the Pod of Job ${job}`, event.message);
}

function refusalReason(message: string): RunReason {
  if (message.includes("exceeded quota")) return RunReason.QuotaExceeded;
  const isRefused = /forbidden|denied the request|webhook|is invalid/.test(message);
  return isRefused ? RunReason.AdmissionRefused : RunReason.PodNotStarted;
}

/** Of Events of the same second the last one given: they come oldest first. */
function newestOf(events: readonly EventSeen[], uid: string): EventSeen | undefined {
  return events
    .filter(({ aboutUid }) => aboutUid === uid)
    .reduce<EventSeen | undefined>((a, b) => (a === undefined || b.at >= a.at ? b : a), undefined);
}

const advice: Partial<Record<RunReason, string>> = {
  [RunReason.ImagePullBackOff]: "correct job.image, or configure imagePullSecrets that may pull it",
  [RunReason.Unschedulable]: "lower job.resources.requests, or give the cluster a node that fits",
  [RunReason.QuotaExceeded]:
    "lower job.resources, raise the namespace's quota, or wait until others have ended",
  [RunReason.AdmissionRefused]:
    "correct what the message names, in the configuration's pod section or in the policy that refused it",
  [RunReason.CreateContainerConfigError]:
    "create or correct the Secret, ConfigMap or setting that the message names",
  [RunReason.VolumeAttachFailed]:
    "detach the volume from the other node, or use one that several nodes can mount",
  [RunReason.VolumeMountFailed]: "correct the claim, Secret or ConfigMap that the message names",
};

function trouble(reason: RunReason, what: string, message: string): Refusal {
  const told = quoted(message, 2000);
  const todo = advice[reason] ?? "kubectl describe shows more";
  return { reason, message: `${what}${told === "" ? "" : `: ${told}`}; ${todo}` };
}
