import { describe, expect, test } from "@jest/globals";

import { pendingReason } from "../../../../operator/reconcile/attempt/pending.ts";
import type { EventSeen, PodSeen } from "../../../../operator/reconcile/seen.ts";
import { at, condition, event, job, pod, waiting } from "./views.ts";

interface Situation {
  readonly pod?: PodSeen;
  readonly events?: readonly EventSeen[];
}
const why = ({ events = [], pod: seen }: Situation) => pendingReason({ job: job(), events }, seen);

type Row = readonly [sentence: string, reason: string, message: RegExp, seen: Situation];

const backOff =
  'Back-off pulling image "registry.invalid/trainer:1": ErrImagePull: failed to pull and unpack image: not found';
const noSecret = 'secret "retrain-database" not found';
const creating = waiting("ContainerCreating");
const states: Row[] = [
  [
    "its image is not found",
    "ImagePullBackOff",
    /: Back-off.*; correct/,
    { pod: waiting("ImagePullBackOff", backOff) },
  ],
  [
    "its image was asked for just now",
    "ImagePullBackOff",
    /not found; /,
    { pod: waiting("ErrImagePull", "not found") },
  ],
  [
    "its image has no such name",
    "ImagePullBackOff",
    /InvalidImageName;/,
    { pod: waiting("InvalidImageName") },
  ],
  ["its image may not be pulled", "ImagePullBackOff", /NeverPull/, { pod: waiting("ErrImageNeverPull") }],
  [
    "its Secret is missing",
    "CreateContainerConfigError",
    /database" not found; create/,
    { pod: waiting("CreateContainerConfigError", noSecret) },
  ],
  [
    "its program is missing",
    "CreateContainerConfigError",
    /no such file/,
    { pod: waiting("CreateContainerError", "no such file") },
  ],
  [
    "something new is wrong",
    "PodNotStarted",
    /SomethingNew: it is; kubectl/,
    { pod: waiting("SomethingNew", "it is") },
  ],
];

const noNode =
  "0/3 nodes are available: 3 Insufficient memory. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.";
const waitsForNode = pod({ node: undefined });
const unscheduled = { ...waitsForNode, ...condition("PodScheduled", "False", "Unschedulable", noNode) };
const multiAttach = event(
  "FailedAttachVolume",
  'Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) reader-0',
);
const noMap = event(
  "FailedMount",
  'MountVolume.SetUp failed for volume "database-ca" : configmap "database-ca" not found',
);
const noNetwork = event("FailedCreatePodSandBox", "no addresses");
const podEvents: Row[] = [
  [
    "no node is large enough",
    "Unschedulable",
    /3 Insufficient memory.*; lower job\.resources/,
    { pod: unscheduled },
  ],
  [
    "only an Event says so",
    "Unschedulable",
    /Insufficient/,
    { pod: waitsForNode, events: [event("FailedScheduling", noNode)] },
  ],
  [
    "its volume is on another node",
    "VolumeAttachFailed",
    /Multi-Attach.*; detach/,
    { pod: pod(), events: [multiAttach] },
  ],
  [
    "its volume cannot be mounted",
    "VolumeMountFailed",
    /MountVolume\.SetUp/,
    { pod: creating, events: [noMap] },
  ],
  ["its network cannot be made", "PodNotStarted", /no addresses/, { pod: creating, events: [noNetwork] }],
  [
    "a state holds longer than an Event",
    "ImagePullBackOff",
    /Back-off/,
    { pod: waiting("ErrImagePull", backOff), events: [{ ...noMap, at: at(110) }] },
  ],
  [
    "the newest Event counts",
    "VolumeMountFailed",
    /configmap/,
    { pod: pod(), events: [{ ...noMap, at: at(50) }, multiAttach] },
  ],
  [
    "the last of two in one second counts",
    "VolumeMountFailed",
    /configmap/,
    { pod: pod(), events: [multiAttach, noMap] },
  ],
];

const ofJob = (message: string): EventSeen =>
  event("FailedCreate", `Error creating: ${message}`, { aboutUid: "job-1" });
const overQuota =
  'pods "rr-0123456789-1-c7p4m" is forbidden: exceeded quota: none, requested: pods=1, used: pods=2, limited: pods=0';
const tooPrivileged = 'pods "rr-0123456789-1-c7p4m" is forbidden: violates PodSecurity "restricted:latest"';
const denied = 'admission webhook "policy.example.com" denied the request: image is not signed';
const noWebhook = 'Internal error occurred: failed calling webhook "policy.example.com": connection refused';
const jobEvents: Row[] = [
  [
    "the quota is used up",
    "QuotaExceeded",
    /quota: none, requested: pods=1.*; lower/,
    { events: [ofJob(overQuota)] },
  ],
  ["Pod Security refuses it", "AdmissionRefused", /violates PodSecurity/, { events: [ofJob(tooPrivileged)] }],
  ["a webhook refuses it", "AdmissionRefused", /denied the request/, { events: [ofJob(denied)] }],
  ["a webhook does not answer", "AdmissionRefused", /failed calling/, { events: [ofJob(noWebhook)] }],
  [
    "the API server is in trouble",
    "PodNotStarted",
    /timed out/,
    { events: [ofJob("etcdserver: request timed out")] },
  ],
];

const milestone = (reason: string, aboutUid = "pod-1"): EventSeen =>
  event(reason, "", { type: "Normal", at: at(30), aboutUid });
const nothing: readonly (readonly [string, Situation])[] = [
  ["the Job was created just now", {}],
  ["the Pod was created just now", { pod: waitsForNode }],
  ["its container is created", { pod: creating }],
  ["it has a node, whatever was before", { pod: pod(), events: [event("FailedScheduling", noNode)] }],
  [
    "its volume was attached after all",
    { pod: pod(), events: [multiAttach, milestone("SuccessfulAttachVolume")] },
  ],
  ["its image is pulled, so its volumes are there", { pod: pod(), events: [noMap, milestone("Pulling")] }],
  ["the Event is about another Pod", { pod: pod(), events: [{ ...noMap, aboutUid: "pod-0" }] }],
  [
    "its Pod could be created after all",
    { events: [ofJob(overQuota), milestone("SuccessfulCreate", "job-1")] },
  ],
  [
    "the Event is of no importance",
    { pod: pod(), events: [event("DNSConfigForming", "Limits were exceeded")] },
  ],
];

describe("Why a container does not run yet:", () => {
  test.each([...states, ...podEvents, ...jobEvents])("%s", (_, reason, message, seen) => {
    expect(why(seen)).toMatchObject({ reason });
    expect(why(seen)?.message).toMatch(message);
  });

  test.each(nothing)("nothing tells when %s", (_, seen) => {
    expect(why(seen)).toBeUndefined();
  });
});
