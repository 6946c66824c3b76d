import { describe, expect, test } from "@jest/globals";

import { checkNames } from "../../../contract/checks.ts";
import { stageNames } from "../../../contract/stages.ts";
import { RetrainRunStatus } from "../../../contract/status.ts";
import { TerminationMessage } from "../../../contract/termination-message.ts";
import { reported } from "../../../operator/reconcile/status/ending.ts";
import { endingFields } from "../../../operator/reconcile/status/ending-fields.ts";
import { reportOf } from "../../support/seen.ts";

const fieldsOf = (differs: Partial<TerminationMessage>) =>
  endingFields(reported(TerminationMessage.parse(reportOf("may", differs))));

/** What a trainer of this version tells of a training. */
const whole: Partial<TerminationMessage> = {
  rows: 31_567,
  stations: 51,
  dataThrough: "2026-11-30",
  readings: { bikeCount: 48_163, weather: 1043, countersInfo: 51 },
  missing: { bikeCount: 0.0125, weather: 1 / 3 },
  metrics: {
    mae: 80.126,
    rmse: 153.4,
    wapePercent: 21.27,
    naiveMae: 117.7,
    naiveRmse: 201.5,
    naiveWapePercent: null,
    championMae: 90,
    championRmse: 160,
    championWapePercent: 24,
  },
  stages: [{ name: "extract", seconds: 1.25 }],
  failedChecks: [{ name: "stuckValues", severity: "warning", value: 3, limit: 2 }],
  codeRevision: "0123abc",
};

describe("what a status keeps of the trainer's report", () => {
  test("is all that metrics and people ask for", () => {
    const told = fieldsOf(whole);
    expect(told).toMatchObject({
      data: {
        readings: { bikeCount: 48_163, weather: 1043, countersInfo: 51 },
        missing: { bikeCount: "0.012500", weather: "0.333333" },
      },
      stages: [{ name: "extract", seconds: "1.250" }],
      failedChecks: [{ name: "stuckValues", severity: "warning" }],
      codeRevision: "0123abc",
    });
    expect(told.metrics).toEqual({
      mae: "80.13",
      championMae: "90.00",
      maeDeltaPercent: "-11.0",
      naiveMae: "117.70",
      rmse: "153.40",
      championRmse: "160.00",
      naiveRmse: "201.50",
      wapePercent: "21.3",
      championWapePercent: "24.0",
    });
  });

  test("an older trainer's report has less", () => {
    const told = fieldsOf({ rows: 5, stations: 1 });
    expect(told).toMatchObject({ verdict: "Published", data: { rows: 5, stations: 1 } });
    for (const field of ["metrics", "stages", "failedChecks", "codeRevision"]) {
      expect(told).not.toHaveProperty(field);
    }
    expect(told.data).not.toHaveProperty("readings");
  });

  test("is bounded, and no field that is refused takes another one with it", () => {
    const check = (i: number) => ({
      ...{ name: checkNames[i] ?? "rows", severity: "error" as const },
      ...{ value: "v".repeat(500), limit: 1 },
    });
    const told = fieldsOf({
      rows: 5,
      stations: 1,
      codeRevision: "x".repeat(65),
      stages: Array.from({ length: 40 }, (_, i) => ({ name: stageNames[i % 11] ?? "open", seconds: i })),
      failedChecks: Array.from({ length: 40 }, (_, i) => check(i % checkNames.length)),
    });
    expect([told.stages?.length, told.failedChecks?.length]).toEqual([16, 16]);
    expect(told).toMatchObject({ verdict: "Published", data: { rows: 5 } });
    expect(told).not.toHaveProperty("codeRevision");
    expect(RetrainRunStatus.safeParse(told).success).toBe(true);
  });
});
