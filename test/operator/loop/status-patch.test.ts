import { expect, test } from "@jest/globals";

import { statusPatch } from "../../../operator/loop/status-patch.ts";

const condition = { type: "Accepted", status: "True", reason: "Valid", message: "" } as const;
const conditions = [{ ...condition, lastTransitionTime: "2026-12-01T02:00:00Z" }];
const sameObject = { op: "replace", path: "/metadata/resourceVersion", value: "7" };

test("a status is written whole where there was none", () => {
  expect(statusPatch({}, { conditions }, "7")).toEqual([
    sameObject,
    { op: "add", path: "/status", value: { conditions } },
  ]);
});

test("only what differs is written, and what goes is removed", () => {
  const from = { conditions, nextRetryTime: "2026-12-01T02:01:00Z", version: "v1" };
  expect(statusPatch(from, { conditions, version: "v2" }, "7")).toEqual([
    sameObject,
    { op: "remove", path: "/status/nextRetryTime" },
    { op: "add", path: "/status/version", value: "v2" },
  ]);
});

test("a null inside a field is written as one", () => {
  const resolved = { input: { order: null }, inputHash: "" };
  expect(statusPatch({ conditions }, { conditions, resolved }, "7")).toEqual([
    sameObject,
    { op: "add", path: "/status/resolved", value: resolved },
  ]);
});
