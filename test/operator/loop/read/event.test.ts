import { expect, test } from "@jest/globals";

import { readEvent } from "../../../../operator/loop/read/event.ts";
import { at } from "./raw.ts";

const metadata = { creationTimestamp: at(0) };
const seen = { aboutUid: "pod-uid", type: "Warning", reason: "FailedMount", message: "no such claim" };

test.each([
  {
    what: "of core/v1 at its newest time",
    raw: {
      type: "Warning",
      reason: "FailedMount",
      message: "no such claim",
      firstTimestamp: at(1),
      lastTimestamp: at(7),
      count: 9,
      eventTime: null,
    },
    at: at(7),
  },
  {
    what: "of core/v1 that a newer recorder wrote",
    raw: {
      type: "Warning",
      reason: "FailedMount",
      message: "no such claim",
      lastTimestamp: null,
      eventTime: "2026-12-01T01:02:00.123456Z",
      series: { count: 4, lastObservedTime: at(6) },
    },
    at: at(6),
  },
])("reads one $what", ({ raw, at: newest }) => {
  expect(readEvent({ metadata, involvedObject: { kind: "Pod", uid: "pod-uid" }, ...raw })).toEqual({
    ...seen,
    at: new Date(newest),
  });
});

test("reads one of events.k8s.io/v1", () => {
  const raw = {
    type: "Warning",
    reason: "FailedMount",
    note: "no such claim",
    eventTime: null,
    deprecatedLastTimestamp: at(3),
  };
  expect(readEvent({ metadata, regarding: { uid: "pod-uid" }, ...raw })).toEqual({
    ...seen,
    at: new Date(at(3)),
  });
});

test("takes the creation for the time of one that has none", () => {
  expect(readEvent({ metadata, regarding: { uid: "a" } })).toEqual({
    aboutUid: "a",
    type: "Normal",
    reason: "",
    message: "",
    at: new Date(at(0)),
  });
});

test.each([
  {},
  { metadata },
  { metadata, involvedObject: { kind: "Node" } },
  { metadata: {}, regarding: { uid: "a" } },
])("%j is none that says something of an object", (object) => {
  expect(readEvent(object)).toBeUndefined();
});
