import { describe, expect, test } from "@jest/globals";

import { Configuration } from "../../../contract/configuration.ts";
import type { RetrainRunStatus } from "../../../contract/status.ts";
import { readRun } from "../../../operator/loop/read/run.ts";
import { statusPatch } from "../../../operator/loop/status-patch.ts";
import { runSeen } from "../../support/seen.ts";

const condition = { type: "Accepted", status: "True", reason: "Valid", message: "" } as const;
const conditions = [{ ...condition, lastTransitionTime: "2026-12-01T02:00:00Z" }];
const sameObject = { op: "replace", path: "/metadata/resourceVersion", value: "7" };

test("a status is written whole where there was none", () => {
  expect(statusPatch({ status: {} }, { conditions }, "7")).toEqual([
    sameObject,
    { op: "add", path: "/status", value: { conditions } },
  ]);
});

test("only what differs is written, and what goes is removed", () => {
  const from = { conditions, nextRetryTime: "2026-12-01T02:01:00Z", version: "v1" };
  expect(statusPatch({ status: from }, { conditions, version: "v2" }, "7")).toEqual([
    sameObject,
    { op: "remove", path: "/status/nextRetryTime" },
    { op: "add", path: "/status/version", value: "v2" },
  ]);
});

test("a null inside a field is written as one", () => {
  const resolved = { input: { order: null }, inputHash: "" };
  expect(statusPatch({ status: { conditions } }, { conditions, resolved }, "7")).toEqual([
    sameObject,
    { op: "add", path: "/status/resolved", value: resolved },
  ]);
});

describe("what a newer version wrote into a list", () => {
  const [startedAt, finishedAt] = ["2026-12-01T02:00:00Z", "2026-12-01T03:00:00Z"];
  const seenTwice = { type: "Rested", status: "True" };
  const object = {
    metadata: { namespace: "city", name: "a", uid: "1", resourceVersion: "7", creationTimestamp: startedAt },
    status: {
      conditions: [seenTwice, { ...conditions[0], seenBy: "two" }],
      attempts: [{ job: "rr-1-1", startedAt, reason: "Temporary", node: "node-1" }],
    },
  };
  const run = readRun(object, Configuration.parse({})) ?? runSeen({ name: "none" });
  const patched = (to: RetrainRunStatus): unknown =>
    statusPatch(run, to, "7").flatMap((operation) => ("value" in operation ? [operation.value] : []))[1];

  test("stays when the list is rewritten, and what this version takes away goes", () => {
    const attempts = [
      { job: "rr-1-1", startedAt, finishedAt },
      { job: "rr-1-2", startedAt },
    ];
    expect(patched({ ...run.status, attempts })).toEqual([{ ...attempts[0], node: "node-1" }, attempts[1]]);
  });

  test("stays too when it is a whole item", () => {
    const changed = { ...condition, status: "False", lastTransitionTime: finishedAt } as const;
    const to = { ...run.status, conditions: [changed] };
    expect(patched(to)).toEqual([{ ...changed, seenBy: "two" }, seenTwice]);
  });

  test("is not kept in memory where there is none", () => {
    const status = { conditions, attempts: [{ job: "rr-1-1", startedAt }] };
    expect(readRun({ ...object, status }, Configuration.parse({}))).not.toHaveProperty("written");
  });
});
