import { expect, test } from "@jest/globals";

import { readJob } from "../../../../operator/loop/read/job.ts";
import { at, labels, rawMetadata } from "./raw.ts";

const ownerReferences = [
  { apiVersion: "v1", kind: "ConfigMap", name: "other", uid: "no-controller" },
  { apiVersion: "retrain.velo/v1alpha1", kind: "RetrainRun", name: "x", uid: "run-uid", controller: true },
];
const raw = { metadata: { ...rawMetadata, labels, ownerReferences }, spec: { template: {} }, status: {} };

test("reads a Job that goes", () => {
  expect(readJob(raw)).toEqual({
    namespace: "velo",
    model: "bike-traffic",
    name: "rr-0f6e1a52-7-1",
    uid: "0f6e1a52-7c1b-4a43-9a50-1f2f6b0d7e11",
    ownerUid: "run-uid",
    createdAt: new Date(at(0)),
    deleting: false,
    suspended: false,
    ttlSecondsAfterFinished: undefined,
    finished: undefined,
  });
});

test("reads what was asked of it since", () => {
  const metadata = { ...rawMetadata, deletionTimestamp: at(9) };
  expect(readJob({ metadata, spec: { suspend: true, ttlSecondsAfterFinished: 60 } })).toMatchObject({
    deleting: true,
    suspended: true,
    ttlSecondsAfterFinished: 60,
    ownerUid: undefined,
    model: undefined,
  });
});

const failed = { type: "Failed", status: "True", reason: "PodFailurePolicy", message: "exit 78" };
test.each([
  {
    what: "Complete is an end",
    conditions: [{ type: "Complete", status: "True", lastTransitionTime: at(5) }],
    end: { type: "Complete", reason: "", message: "", at: new Date(at(5)) },
  },
  {
    what: "Failed is an end, with what the failure policy says",
    conditions: [
      { type: "FailureTarget", status: "True" },
      { ...failed, lastTransitionTime: at(6) },
    ],
    end: { type: "Failed", reason: "PodFailurePolicy", message: "exit 78", at: new Date(at(6)) },
  },
  {
    what: "FailureTarget is none yet",
    conditions: [{ type: "FailureTarget", status: "True" }],
    end: undefined,
  },
  {
    what: "SuccessCriteriaMet is none yet",
    conditions: [{ type: "SuccessCriteriaMet", status: "True" }],
    end: undefined,
  },
  { what: "what is False is none", conditions: [{ ...failed, status: "False" }], end: undefined },
  { what: "no conditions are none", conditions: null, end: undefined },
])("$what", ({ conditions, end }) => {
  expect(readJob({ ...raw, status: { conditions } })?.finished).toEqual(end);
});

test.each([{}, { metadata: rawMetadata }, 7])("%j is no Job", (object) => {
  expect(readJob(object)).toBeUndefined();
});
