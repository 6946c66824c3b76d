import { describe, expect, test } from "@jest/globals";

import { KubeError } from "../../../operator/kube/api.ts";
import { RefusedJobs, refusalOf } from "../../../operator/loop/refused-jobs.ts";

const refused = (status: number, message: string, reason = "") =>
  refusalOf(new KubeError(message, { status, reason }))?.reason;

describe("what the API server says of a Job", () => {
  test.each([
    ["a quota", 403, 'jobs.batch "rr-1" is forbidden: exceeded quota: small', "QuotaExceeded"],
    ["Pod Security, or a right that is missing", 403, "forbidden", "AdmissionRefused"],
    [
      "a webhook that denies with its own code",
      400,
      'admission webhook "a" denied the request',
      "AdmissionRefused",
    ],
    ["a policy", 422, "denied request: no", "AdmissionRefused"],
    ["a webhook that does not answer", 500, 'failed calling webhook "a"', "AdmissionRefused"],
    ["a fault of its own", 500, "etcd is away", undefined],
    ["that it is asked too much", 429, "slow down", undefined],
    ["nothing", 0, "no answer", undefined],
  ])("%s", (_what, status, message, reason) => {
    expect(refused(status, message)).toBe(reason);
  });

  test("is told without the secrets that it quotes", () => {
    const message = 'denied: env HTTPS_PROXY is "http://ana:hunter2@proxy"';
    expect(refusalOf(new KubeError(message, { status: 403, reason: "Forbidden" }))?.message).toBe(
      'denied: env HTTPS_PROXY is "http://ana:***@proxy"',
    );
  });

  test("anything else is no refusal", () => {
    expect(refusalOf(new Error("forbidden"))).toBeUndefined();
  });
});

test("refusals are kept by run, and forgotten with it", () => {
  const jobs = new RefusedJobs();
  const refusal = { reason: "QuotaExceeded", message: "", at: new Date(0) };
  jobs.set("velo/bikes", "run-1", refusal);
  jobs.set("velo/bikes", "run-2", refusal);
  expect([...jobs.of("velo/bikes", new Set(["run-1", "run-2"])).keys()]).toEqual(["run-1", "run-2"]);
  jobs.drop("velo/bikes", "run-1");
  expect([...jobs.of("velo/bikes", new Set(["run-1", "run-2"])).keys()]).toEqual(["run-2"]);
  jobs.of("velo/bikes", new Set());
  expect([...jobs.of("velo/bikes", new Set(["run-2"])).keys()]).toEqual([]);
  jobs.set("velo/bikes", "run-1", refusal);
  jobs.forget((key) => key === "velo/bikes");
  expect([...jobs.of("velo/bikes", new Set(["run-1"])).keys()]).toEqual([]);
});
