import { describe, expect, test } from "@jest/globals";

import { failureKind } from "../../operator/failure-kind.ts";
import { KubeError } from "../../operator/kube/api.ts";
import { NotLeader } from "../../operator/kube/lease-fence.ts";

describe("failureKind()", () => {
  test.each([
    { status: 0, kind: "unreachable" },
    { status: 400, kind: "refused" },
    { status: 401, kind: "forbidden" },
    { status: 403, kind: "forbidden" },
    { status: 404, kind: "gone" },
    { status: 409, kind: "conflict" },
    { status: 410, kind: "gone" },
    { status: 422, kind: "refused" },
    { status: 429, kind: "throttled" },
    { status: 500, kind: "server" },
    { status: 503, kind: "server" },
  ])("status $status is $kind", ({ status, kind }) => {
    expect(failureKind(new KubeError("no", { status, reason: "Any" }))).toBe(kind);
  });

  test.each([
    { error: new NotLeader("no"), kind: "not-leader" },
    { error: new TypeError("undefined is not a function"), kind: "bug" },
    { error: "anything", kind: "bug" },
    {
      error: new AggregateError([new KubeError("no", { status: 403, reason: "Any" }), 1]),
      kind: "forbidden",
    },
  ])("$error is $kind", ({ error, kind }) => {
    expect(failureKind(error)).toBe(kind);
  });
});
