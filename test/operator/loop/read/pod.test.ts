import { expect, test } from "@jest/globals";

import { readPod } from "../../../../operator/loop/read/pod.ts";
import { at, labels, rawMetadata } from "./raw.ts";

const ownerReferences = [
  { apiVersion: "batch/v1", kind: "Job", name: "j", uid: "job-uid", controller: true },
];
const metadata = { ...rawMetadata, name: "rr-0f6e1a52-7-1-x2v7q", labels, ownerReferences };
const podOf = (status: object) => readPod({ metadata, spec: { nodeName: "node-1" }, status });
const stateOf = (state: object, status: object = {}) =>
  podOf({
    ...status,
    containerStatuses: [
      { name: "proxy", state: { running: {} } },
      { name: "trainer", state },
    ],
  })?.trainer;
const nothing = { waiting: undefined, runningSince: undefined, terminated: undefined };

test("reads one of which no kubelet has said anything", () => {
  expect(readPod({ metadata, spec: {} })).toEqual({
    namespace: "velo",
    model: "bike-traffic",
    name: "rr-0f6e1a52-7-1-x2v7q",
    uid: rawMetadata.uid,
    jobUid: "job-uid",
    createdAt: new Date(at(0)),
    node: undefined,
    deletingAt: undefined,
    gone: false,
    phase: "Pending",
    reason: undefined,
    message: undefined,
    conditions: [],
    trainer: nothing,
  });
});

test("reads what its status says", () => {
  const condition = {
    type: "DisruptionTarget",
    status: "True",
    reason: "EvictionByEvictionAPI",
    message: "drain",
  };
  const conditions = [
    { ...condition, lastTransitionTime: at(1), lastProbeTime: null },
    { type: "Ready", status: "False" },
  ];
  expect(podOf({ phase: "Failed", reason: "Evicted", message: "low on memory", conditions })).toMatchObject({
    node: "node-1",
    phase: "Failed",
    reason: "Evicted",
    message: "low on memory",
    conditions: [condition, { type: "Ready", status: "False", reason: "", message: "" }],
  });
  expect(podOf({ phase: "Sleeping" })?.phase).toBe("Unknown");
  expect(readPod({ metadata: { ...metadata, deletionTimestamp: at(3) }, spec: {} })?.deletingAt).toEqual(
    new Date(at(3)),
  );
});

test("reads the trainer's container and no other", () => {
  expect(stateOf({ waiting: { reason: "ImagePullBackOff", message: "Back-off" } })).toEqual({
    ...nothing,
    waiting: { reason: "ImagePullBackOff", message: "Back-off" },
  });
  expect(stateOf({ waiting: { reason: "ContainerCreating" } })?.waiting).toEqual({
    reason: "ContainerCreating",
    message: "",
  });
  expect(stateOf({ running: { startedAt: at(2) } })).toEqual({ ...nothing, runningSince: new Date(at(2)) });
  expect(
    podOf({ containerStatuses: [{ name: "proxy", state: { running: { startedAt: at(2) } } }] })?.trainer,
  ).toEqual(nothing);
});

test("reads how the container ended", () => {
  const terminated = {
    exitCode: 137,
    reason: "OOMKilled",
    message: "{}",
    startedAt: at(2),
    finishedAt: at(4),
  };
  expect(stateOf({ terminated: { ...terminated, containerID: "containerd://1" } })).toEqual({
    ...nothing,
    terminated: { exitCode: 137, reason: "OOMKilled", message: "{}", finishedAt: new Date(at(4)) },
  });
});

test("an end without a time was when the Pod last changed", () => {
  const terminated = { exitCode: 137, reason: "ContainerStatusUnknown", startedAt: null, finishedAt: null };
  const conditions = [
    { type: "Ready", status: "False", lastTransitionTime: at(8) },
    { type: "Initialized", status: "True", lastTransitionTime: at(1) },
  ];
  expect(stateOf({ terminated }, { conditions })?.terminated?.finishedAt).toEqual(new Date(at(8)));
  expect(stateOf({ terminated })?.terminated?.finishedAt).toEqual(new Date(at(0)));
});
