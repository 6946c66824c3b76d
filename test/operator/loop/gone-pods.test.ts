import { expect, test } from "@jest/globals";

import { GonePods } from "../../../operator/loop/gone-pods.ts";
import type { PodSeen } from "../../../operator/reconcile/seen.ts";

const now = new Date("2026-12-01T02:00:00Z");
const minutes = (count: number): Date => new Date(now.getTime() + count * 60_000);
const key = "velo/bikes";
const open = new Set(["run-1"]);

const seen: PodSeen = {
  name: "rr-1-1-abcde",
  uid: "pod-1",
  jobUid: "job-1",
  createdAt: now,
  node: "n1",
  deletingAt: now,
  gone: false,
  phase: "Running",
  reason: undefined,
  message: undefined,
  conditions: [],
  trainer: { waiting: undefined, runningSince: now, terminated: undefined },
};
const pod = (uid = "pod-1") => ({
  uid,
  key,
  runUid: "run-1",
  resourceVersion: "1",
  seen: { ...seen, uid },
});

test("a Pod that has gone is kept as it was seen last, for as long as its run is open", () => {
  const gone = new GonePods();
  gone.add(pod(), now);
  expect(gone.of(key, open, now)).toEqual([{ ...seen, gone: true }]);
  expect(gone.of(key, new Set(), now)).toEqual([]);
  expect(gone.of(key, open, now)).toEqual([]);
});

test("it is kept for an hour", () => {
  const gone = new GonePods();
  gone.add(pod(), now);
  expect(gone.of(key, open, minutes(60))).toHaveLength(1);
  expect(gone.of(key, open, minutes(61))).toHaveLength(0);
});

test("of very many the oldest are forgotten", () => {
  const gone = new GonePods();
  for (let at = 0; at < 1100; at++) gone.add(pod(`pod-${String(at)}`), now);
  const kept = gone.of(key, open, now);
  expect(kept).toHaveLength(1000);
  expect(kept[0]?.uid).toBe("pod-100");
});
