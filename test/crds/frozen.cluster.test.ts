import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { RetrainRunSpec } from "../../contract/retrain-run.ts";
import { startWithRetrainRuns, type RetrainRuns } from "./retrain-runs.ts";

/** Two values of every top-level field; a new field of the contract is missing here and does not compile. */
const values: Readonly<Record<keyof RetrainRunSpec, readonly [unknown, unknown]>> = {
  model: ["bikes", "trams"],
  period: ["2026-11", "2026-12"],
  trigger: ["Manual", "Schedule"],
  requestedBy: ["ada", "grace"],
  dryRun: [true, false],
  force: [{ reason: "new sensors" }, { reason: "other sensors" }],
  restore: [{ version: "v1", reason: "bad" }, { version: "v2" }],
  suspend: [false, true],
  cancel: [false, true],
  source: [{ blacklist: ["a"] }, { blacklist: ["a", "b"] }],
  features: [{ holidayCountry: "FR" }, { holidayCountry: "DE" }],
  training: [{ grid: { maxDepth: [3] } }, { grid: { maxDepth: [3, 5] } }],
  gate: [{ tolerancePercent: 5 }, { tolerancePercent: 6 }],
  checks: [{ severity: { age: "off" } }, { severity: { age: "warning" } }],
  storage: [{ keepVersions: 3 }, { keepVersions: 4 }],
  job: [{ retries: 1 }, { retries: 2 }],
  ttlSecondsAfterFinished: [60, 61],
};
const fields = RetrainRunSpec.keyof().options;
const fixedFields = fields.filter((field) => field !== "cancel");
const startTime = "2026-12-01T02:00:00Z";

let runs: RetrainRuns;
beforeAll(async () => {
  runs = await startWithRetrainRuns();
}, 60_000);
afterAll(async () => {
  await runs[Symbol.asyncDispose]();
});

let count = 0;
/** A new run with this spec; its name. */
async function created(spec: unknown, isStarted: boolean): Promise<string> {
  const name = `run-${String(++count)}`;
  expect(await runs.create(name, spec)).toMatchObject({ status: 201 });
  if (isStarted) expect(await runs.patchStatus(name, { startTime })).toMatchObject({ status: 200 });
  return name;
}

describe("before the start", () => {
  test.each(fields)("%s may be added, changed and removed", async (field) => {
    const [one, other] = values[field];
    const name = await created({}, false);
    for (const value of [one, other, null]) {
      expect(await runs.patchSpec(name, { [field]: value })).toMatchObject({ status: 200 });
    }
  });
});

describe("after the start", () => {
  const refused = (field: string) => ({
    status: 422,
    message: expect.stringContaining(
      `spec.${field}: Forbidden: cannot be changed once the run has started: create a new RetrainRun`,
    ),
  });

  test.each(fixedFields)("%s may not be added", async (field) => {
    const name = await created({}, true);
    expect(await runs.patchSpec(name, { [field]: values[field][0] })).toMatchObject(refused(field));
  });

  test.each(fixedFields)("%s may be neither changed nor removed", async (field) => {
    const [one, other] = values[field];
    const name = await created({ [field]: one }, true);
    expect(await runs.patchSpec(name, { [field]: other })).toMatchObject(refused(field));
    expect(await runs.patchSpec(name, { [field]: null })).toMatchObject(refused(field));
  });

  test("all of a spec with every field stays, and the same again is no change", async () => {
    const spec = Object.fromEntries(Object.entries(values).map(([field, [one]]) => [field, one]));
    const name = await created(spec, true);
    expect(await runs.patchSpec(name, spec)).toMatchObject({ status: 200, object: { spec } });
  });

  test("every field that changed is named at once", async () => {
    const name = await created({}, true);
    const { message } = await runs.patchSpec(name, { model: "bikes", dryRun: true });
    expect(message).toMatch(/spec\.model: Forbidden: .*spec\.dryRun: Forbidden: /u);
  });

  test("cancel may be set, and not taken back", async () => {
    for (const before of [{}, { cancel: false }]) {
      const name = await created(before, true);
      expect(await runs.patchSpec(name, { cancel: true })).toMatchObject({ status: 200 });
      for (const cancel of [false, null]) {
        expect(await runs.patchSpec(name, { cancel })).toMatchObject({
          status: 422,
          message: expect.stringContaining("spec.cancel: Forbidden: cannot be taken back"),
        });
      }
    }
  });

  test("the status may still be written", async () => {
    const name = await created({ model: "bikes" }, true);
    const progress = { stage: "search", percent: 40 };
    expect(await runs.patchStatus(name, { progress })).toMatchObject({ status: 200 });
  });
});

describe("a verdict", () => {
  const refused = {
    status: 422,
    message: expect.stringContaining(
      "status.verdict: Forbidden: a verdict once set neither changes nor vanishes",
    ),
  };

  test("may be set", async () => {
    const name = await created({}, true);
    expect(await runs.patchStatus(name, { message: "soon" })).toMatchObject({ status: 200 });
    expect(await runs.patchStatus(name, { verdict: "Published" })).toMatchObject({ status: 200 });
  });

  test.each([
    { what: "changes", status: { verdict: "Failed" } },
    { what: "vanishes", status: { verdict: null } },
    { what: "vanishes with the whole status", status: null },
  ])("never $what", async ({ status }) => {
    const name = await created({}, true);
    await runs.patchStatus(name, { verdict: "Rejected" });
    expect(await runs.patchStatus(name, status)).toMatchObject(refused);
  });

  test("leaves the rest of the status free", async () => {
    const name = await created({}, true);
    await runs.patchStatus(name, { verdict: "Aborted", reason: "StaleData" });
    expect(await runs.patchStatus(name, { verdict: "Aborted", reason: "TooFewRows" })).toMatchObject({
      status: 200,
      object: { status: { reason: "TooFewRows" } },
    });
  });
});
