import { describe, expect, test } from "@jest/globals";
import type { z } from "zod";

import { trainerInput, type Configuration } from "../../../contract/configuration.ts";
import { RetrainRunSpec } from "../../../contract/retrain-run.ts";
import { RetrainRunStatus } from "../../../contract/status.ts";
import { TrainerInput } from "../../../contract/trainer-input.ts";
import { accept } from "../../../operator/reconcile/accept.ts";
import { canonicalJson } from "../../../operator/reconcile/canonical-json.ts";
import { readResolved, type Resolved } from "../../../operator/reconcile/resolved.ts";
import { runSeen, settingsOf } from "./run-seen.ts";

type Spec = z.input<typeof RetrainRunSpec>;
type Given = z.input<typeof Configuration>;

const acceptanceOf = (spec: Spec, configuration: Given = {}) =>
  accept(runSeen({ spec: RetrainRunSpec.parse(spec) }), settingsOf(configuration));

function resolvedOf(spec: Spec, configuration: Given = {}): Resolved {
  const acceptance = acceptanceOf(spec, configuration);
  if ("refusal" in acceptance) throw new Error(acceptance.refusal.message);
  return acceptance.resolved;
}
function refusalOf(spec: Spec, configuration: Given = {}): string {
  const acceptance = acceptanceOf(spec, configuration);
  return "refusal" in acceptance ? `${acceptance.refusal.reason}: ${acceptance.refusal.message}` : "accepted";
}

describe("what is frozen", () => {
  test("is complete without anything being said", () => {
    const input = trainerInput({}, settingsOf().configuration, runSeen().uid);
    expect(resolvedOf({})).toEqual({
      model: "bike-traffic",
      image: "retrain-trainer:0.1.0",
      secretRef: { name: "retrain-database", key: "DATABASE_URL" },
      storage: { claimName: "retrain-models", subPath: "" },
      job: {
        resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { memory: "2Gi" } },
        activeDeadlineSeconds: 14400,
        pendingDeadlineSeconds: 900,
        retries: 2,
      },
      input,
      inputHash: settingsOf().sha256(canonicalJson(input)),
    });
  });

  test("is the spec over the model over the defaults", () => {
    const configuration = {
      defaults: { job: { retries: 5, image: "trainer:2" }, ttlSecondsAfterFinished: 60 },
      models: { trams: { spec: { storage: { subPath: "trams" }, ttlSecondsAfterFinished: 90 } } },
    };
    const spec = { model: "trams", period: "2026-12", job: { retries: 1 } };
    expect(resolvedOf(spec, configuration)).toMatchObject({
      model: "trams",
      period: "2026-12",
      image: "trainer:2",
      storage: { claimName: "retrain-models", subPath: "trams" },
      job: { retries: 1 },
      ttlSecondsAfterFinished: 90,
      input: { model: "trams", period: "2026-12", runUid: runSeen().uid },
    });
  });

  test("names no Secret for a restore", () => {
    const restored = resolvedOf({ restore: { version: "v", reason: "worse" } });
    expect(restored).not.toHaveProperty("secretRef");
    expect(restored.input.restore).toEqual({ version: "v", reason: "worse" });
  });

  test.each([
    { what: "a scheduled run", spec: { trigger: "Schedule" }, recheck: { everyHours: 24, forDays: 7 } },
    { what: "a run by hand", spec: { trigger: "Manual" } },
    { what: "a run of the API", spec: { trigger: "Api" } },
    { what: "zero days", spec: { trigger: "Schedule", checks: { recheck: { forDays: 0 } } } },
    { what: "a restore", spec: { trigger: "Schedule", restore: { version: "v", reason: "r" } } },
  ] satisfies { what: string; spec: Spec; recheck?: object }[])(
    "says when to look again: $what",
    ({ spec, recheck }) => {
      expect(resolvedOf(spec).recheck).toEqual(recheck);
    },
  );
});

describe("what was frozen", () => {
  test("is what the trainer reads, the status holds and a later pass reads back", () => {
    const resolved = resolvedOf({ trigger: "Schedule", period: "2026-12", force: { reason: "known" } });
    expect(TrainerInput.parse(resolved.input)).toEqual(resolved.input);
    const stored: unknown = JSON.parse(canonicalJson({ resolved }));
    expect(readResolved(RetrainRunStatus.parse(stored).resolved)).toEqual(resolved);
  });

  test("is read back with an input of another version, and not without its parts", () => {
    const resolved = { ...resolvedOf({}), later: 1 };
    const input = { ...resolved.input, gate: { later: true } };
    expect(readResolved({ ...resolved, input })).toMatchObject({ input });
    expect(readResolved({ ...resolved, job: undefined })).toBeUndefined();
    expect(readResolved(undefined)).toBeUndefined();
  });

  test("has a hash that only the input's values change", () => {
    const hash = (spec: Spec, configuration: Given = {}) => resolvedOf(spec, configuration).inputHash;
    expect(hash({ job: { retries: 1 } })).toBe(hash({}));
    expect(hash({}, { defaults: { training: { seed: 0 } } })).toBe(hash({}));
    expect(hash({ training: { seed: 1 } })).not.toBe(hash({}));
    expect(hash({})).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("a run is refused", () => {
  test("for an invalid spec, in the words of its reader", () => {
    const refusal = { reason: "InvalidSpec", message: "spec.gate.minDays is 0" };
    expect(accept(runSeen({ spec: { ...refusal, asked: {} } }), settingsOf())).toEqual({ refusal });
  });

  test.each([
    {
      spec: { model: "trams" },
      configuration: {},
      says: 'spec.model "trams": the operator\'s configuration has bike-traffic',
    },
    {
      spec: {},
      configuration: { models: { trams: {}, bikes: {} } },
      says: 'spec.model "bike-traffic": the operator\'s configuration has trams, bikes;',
    },
    {
      spec: { model: "x" },
      configuration: {
        models: Object.fromEntries(["a", "b", "c", "d", "e", "f", "g", "h"].map((name) => [name, {}])),
      },
      says: 'spec.model "x": the operator\'s configuration has a, b, c, d, e and 3 more; use one of them, or have it added to models',
    },
  ])("for an unknown model: $says", ({ spec, configuration, says }) => {
    expect(refusalOf(spec, configuration)).toContain(`UnknownModel: Cannot accept ${says}`);
  });

  test.each([
    { spec: { storage: { subPath: "../other" } }, says: 'spec.storage.subPath is "../other"' },
    { spec: { storage: { subPath: "/etc" } }, says: 'spec.storage.subPath is "/etc"' },
    {
      spec: { job: { resources: { requests: { memory: "2100Mi" }, limits: {} } } },
      says: "spec.job.resources.requests.memory is 2100Mi, expected at most the limit, which is 2Gi",
    },
    {
      spec: { job: { resources: { requests: { cpu: "1500m" }, limits: { cpu: "1.4" } } } },
      says: "spec.job.resources.requests.cpu is 1500m, expected at most the limit, which is 1.4",
    },
  ])("for what the API server would refuse in its Job: $says", ({ spec, says }) => {
    expect(refusalOf(spec)).toContain(`InvalidSpec: Cannot use the spec: ${says}`);
  });

  test("not for a subdirectory, nor for requests up to the limits", () => {
    const resources = { requests: { cpu: "2000m", memory: "2Gi" }, limits: { cpu: "2", memory: "2048Mi" } };
    expect(refusalOf({ storage: { subPath: "a/..b/c" }, job: { resources } })).toBe("accepted");
  });
});

describe("a run of more than 32 KiB is refused", () => {
  test("with its size and what makes it so", () => {
    const blacklist = Array.from({ length: 400 }, (_, i) => `${"é".repeat(50)}${String(1000 + i)}`);
    const [bytes] = /\d{5,}/.exec(refusalOf({ source: { blacklist } })) ?? [];
    expect(refusalOf({ source: { blacklist } })).toBe(
      `InputTooLarge: Cannot accept the run: completed by the configuration its spec takes ${bytes ?? ""} bytes as JSON, ` +
        "at most 32768 are kept; 42801 of them are the 400 entries of source.blacklist: shorten it",
    );
    expect(Number(bytes)).toBeGreaterThan(42801);
    const exclude = Array.from({ length: 400 }, () => ({ why: "x".repeat(80) }));
    expect(refusalOf({ source: { exclude } })).toContain("the 400 entries of source.exclude");
  });

  test("not a byte too early", () => {
    const bytesOf = (spec: Spec) => Buffer.byteLength(JSON.stringify(resolvedOf(spec)));
    const spec = (last: number): Spec => ({
      source: { blacklist: [...Array<string>(30).fill("s".repeat(1000)), "s".repeat(last)] },
    });
    const room = 32768 - bytesOf(spec(1));
    expect(bytesOf(spec(1 + room))).toBe(32768);
    expect(refusalOf(spec(2 + room))).toContain("InputTooLarge");
  });
});
