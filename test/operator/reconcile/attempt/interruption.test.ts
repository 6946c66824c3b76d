import { describe, expect, test } from "@jest/globals";

import { interruption } from "../../../../operator/reconcile/attempt/interruption.ts";
import type { JobSeen, PodSeen } from "../../../../operator/reconcile/seen.ts";
import { at, disrupted, ended, job, jobs, pod, running } from "./views.ts";

type Row = readonly [
  sentence: string,
  message: RegExp,
  seen: { readonly job?: JobSeen | undefined; readonly pod?: PodSeen },
];
const why = (seen: Row[2]) => interruption({ job: job(), ...seen }, seen.pod);

const killed = { exitCode: 137 };
const stopped = { exitCode: 143 };
const deleting = { deletingAt: at(130) };
const byNode = (message: string) => disrupted("TerminationByKubelet", message);

const late = {
  reason: "DeadlineExceeded",
  message: "Pod was active on the node longer than the specified deadline",
};
const deadlines: Row[] = [
  ["the Pod's deadline is over", /raise job\.activeDeadlineSeconds/, { pod: ended(stopped, late) }],
  ["it is over before the container ran", /abcde was active/, { pod: pod({ phase: "Failed", ...late }) }],
  ["the Job's is over", /^The Job was active/, { job: jobs.late, pod: ended(killed, deleting) }],
  ["the Job's is over and its Pod has gone", /^The Job was active/, { job: jobs.late }],
  ["an eviction came at the same time", /was active/, { pod: ended(stopped, { ...late, ...byNode("") }) }],
];

const lowMemory =
  "The node was low on resource: memory. Threshold quantity: 100Mi, available: 45512Ki. Container trainer was using 1900Mi, request is 1Gi, has larger consumption of memory. ";
const evicted = { reason: "Evicted", message: lowMemory, ...byNode(lowMemory) };
const evictions: Row[] = [
  [
    "it ran",
    /by the kubelet of node node-a: .*memory; the attempt is repeated/,
    { pod: ended(killed, evicted) },
  ],
  ["it did not run yet", /raise job\.resources\.requests/, { pod: pod({ phase: "Failed", ...evicted }) }],
];

const drained = disrupted("EvictionByEvictionAPI", "Eviction API: evicting");
const preempted = disrupted(
  "PreemptionByScheduler",
  "default-scheduler: preempting to accommodate a higher priority pod",
);
const tainted = disrupted("DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint");
const nodeless = disrupted("DeletionByPodGC", "PodGC: node no longer exists");
const shutDown = byNode("Pod was terminated in response to imminent node shutdown.");
const unfit =
  "Pod was rejected: Node didn't have enough resource: memory, requested: 2, used: 1, capacity: 2";
const refused = { reason: "NodeShutdown", message: "Pod was rejected as the node is shutting down." };
const ofNode = pod({ phase: "Failed", reason: "OutOfmemory", message: unfit });
const disruptions: Row[] = [
  [
    "a drain",
    /its node is drained: Eviction API: evicting;/,
    { pod: ended(stopped, { ...deleting, ...drained }) },
  ],
  ["a Pod of higher priority", /higher priority/, { pod: ended(killed, preempted) }],
  ["a node with a taint", /its node is tainted/, { pod: ended(killed, tainted) }],
  ["a node that has gone", /no longer exists: PodGC/, { pod: running({ phase: "Failed", ...nodeless }) }],
  ["a shutdown", /imminent node shutdown;/, { pod: ended(stopped, { reason: "Terminated", ...shutDown }) }],
  ["something new", /was disrupted \(ByNewThing\)/, { pod: ended(killed, disrupted("ByNewThing", "New")) }],
  ["a drain and then the memory", /drained/, { pod: ended({ ...killed, reason: "OOMKilled" }, drained) }],
  ["a drain, of which only the Job still tells", /condition DisruptionTarget/, { job: jobs.disrupted }],
  ["a drain of a Pod that has gone", /drained/, { job: undefined, pod: running({ gone: true, ...drained }) }],
  ["a node without room", /was not run by node node-a \(OutOfmemory\): Pod was rejected/, { pod: ofNode }],
  ["a shutdown before the start", /\(NodeShutdown\)/, { pod: pod({ phase: "Failed", ...refused }) }],
  ["a kubelet", /was lost by node/, { pod: ended({ ...killed, reason: "ContainerStatusUnknown" }) }],
  ["a crash of the node", /was lost by node/, { pod: ended({ exitCode: 255, reason: "Unknown" }) }],
];

describe("An attempt is ended by", () => {
  test.each(deadlines)("a deadline when %s", (_, message, seen) => {
    expect(why(seen)).toMatchObject({ outcome: "timedOut", reason: "DeadlineExceeded" });
    expect(why(seen)?.message).toMatch(message);
  });

  test.each(evictions)("its node's want of memory when %s", (_, message, seen) => {
    expect(why(seen)).toMatchObject({ outcome: "disruption", reason: "Evicted" });
    expect(why(seen)?.message).toMatch(message);
  });

  test("a limit of its own: the node's kubelet evicts, and no disruption is meant", () => {
    const full = 'Usage of EmptyDir volume "scratch" exceeds the limit "1Gi". ';
    const cause = why({ pod: ended(killed, { reason: "Evicted", message: full }) });
    expect(cause).toMatchObject({ outcome: "counted", reason: "Evicted" });
    expect(cause?.message).toMatch(/exceeds the limit "1Gi"; give the trainer more/);
  });

  test.each(disruptions)("%s", (_, message, seen) => {
    expect(why(seen)).toMatchObject({ outcome: "disruption", reason: "Disrupted" });
    expect(why(seen)?.message).toMatch(message);
  });

  test.each<[string, Row[2]]>([
    ["ends by itself", { pod: ended({ exitCode: 70 }) }],
    ["ends by itself and its Pod has a reason", { pod: ended({ exitCode: 70 }, { reason: "Other" }) }],
    ["is deleted", { job: undefined, pod: ended(killed, deleting) }],
    [
      "is no longer the target of a disruption",
      {
        pod: ended(killed, {
          conditions: [
            { type: "DisruptionTarget", status: "False", reason: "DeletionByTaintManager", message: "" },
          ],
        }),
      },
    ],
    ["fails by its policy on exit codes", { job: jobs.exited(75) }],
  ])("nobody when it %s", (_, seen) => {
    expect(why(seen)).toBeUndefined();
  });
});
