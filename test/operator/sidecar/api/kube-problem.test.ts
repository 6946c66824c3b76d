import { describe, expect, it } from "@jest/globals";

import { KubeError } from "../../../../operator/kube/api.ts";
import { fromKube, problemOf, unlessMissing } from "../../../../operator/sidecar/api/kube-problem.ts";

const ownRights = 'User "system:serviceaccount:velo:sidecar" cannot create resource "retrainruns"';

describe("what the API server refuses", () => {
  it.each<[string, number, string, string, number, string]>([
    ["no answer", 0, "Unreachable", "connect ECONNREFUSED", 503, "api-server-unavailable"],
    ["too late an answer", 0, "Deadline", "no answer within 15 s", 503, "api-server-unavailable"],
    ["too many requests", 429, "TooManyRequests", "slow down", 503, "api-server-unavailable"],
    ["a fault of its own", 500, "InternalError", "etcd", 503, "api-server-unavailable"],
    ["what is no answer of its", 200, "Unreadable", "<html>", 503, "api-server-unavailable"],
    ["the sidecar's token", 401, "Unauthorized", "Unauthorized", 503, "sidecar-lacks-rights"],
    ["the sidecar's rights", 403, "Forbidden", ownRights, 503, "sidecar-lacks-rights"],
    ["a quota", 403, "Forbidden", "exceeded quota: runs", 403, "refused-by-cluster"],
    ["a policy", 422, "Invalid", "ValidatingAdmissionPolicy denied", 422, "refused-by-cluster"],
    ["a malformed object", 400, "BadRequest", "unknown field", 422, "refused-by-cluster"],
    ["an object that has gone", 404, "NotFound", "not found", 404, "not-found"],
    ["a change in between", 409, "Conflict", "modified", 409, "conflict"],
  ])("%s", (...[, status, reason, message, answered, type]) => {
    const { status: found, type: word, extra } = problemOf(new KubeError(message, { status, reason }));
    expect([found, word, extra]).toEqual([answered, type, { reason }]);
  });

  it("hands on how long to wait", () => {
    const error = new KubeError("slow down", {
      status: 429,
      reason: "TooManyRequests",
      retryAfterSeconds: 7,
    });
    expect(problemOf(error).headers).toEqual({ "Retry-After": "7" });
  });

  it("is a Problem for who waits for the answer; other errors stay what they are", async () => {
    const refused = new KubeError("slow down", { status: 429, reason: "TooManyRequests" });
    await expect(fromKube(Promise.reject(refused))).rejects.toMatchObject({ status: 503 });
    const bug = new TypeError("x is not a function");
    await expect(fromKube(Promise.reject(bug))).rejects.toBe(bug);
  });

  it("is no Problem where nothing need be there", async () => {
    const gone = new KubeError("not found", { status: 404, reason: "NotFound" });
    await expect(unlessMissing(Promise.reject(gone))).resolves.toBeUndefined();
    const refused = new KubeError("slow down", { status: 429, reason: "TooManyRequests" });
    await expect(unlessMissing(Promise.reject(refused))).rejects.toMatchObject({ status: 503 });
  });
});
