import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { stringify } from "yaml";

import { startWithRetrainRuns, type RetrainRuns } from "./retrain-runs.ts";

let runs: RetrainRuns;
beforeAll(async () => {
  runs = await startWithRetrainRuns();
}, 60_000);
afterAll(async () => {
  await runs[Symbol.asyncDispose]();
});

const kubectl = (command: string, input?: string): Promise<string> =>
  runs.plane.kubectl(command.split(" "), input);

const manifest = (name: string, spec: unknown): string =>
  stringify({ apiVersion: "retrain.velo/v1alpha1", kind: "RetrainRun", metadata: { name }, spec });

describe("kubectl explain", () => {
  test("reads like documentation", async () => {
    const said = (await kubectl("explain retrainrun.spec.gate")).replaceAll(/\s+/gu, " ");
    expect(said).toContain("KIND: RetrainRun VERSION: v1alpha1");
    expect(said).toContain("The rule that decides whether the candidate may become current");
    expect(said).toContain(
      'mode <string> enum: Enforce, Warn, Off Enforce refuses a worse candidate, Warn publishes and says so, "Off" (in quotes: YAML 1.1 reads Off as false) judges nothing. Default: operator configuration (built in: Enforce)',
    );
  });

  test("knows each check", async () => {
    expect(await kubectl("explain rr.spec.checks.severity.age")).toContain(
      "Days between the newest count and asOf",
    );
  });
});

describe("kubectl apply", () => {
  test("takes a manifest, and the same again changes nothing", async () => {
    const text = manifest("applied", { model: "bikes", gate: { tolerancePercent: 3 } });
    expect(await kubectl("apply -f -", text)).toContain("applied created");
    expect(await kubectl("apply -f -", text)).toContain("applied unchanged");
  });

  test("refuses a field that does not exist, by its name", async () => {
    await expect(kubectl("apply -f -", manifest("typo", { gate: { tolerance: 3 } }))).rejects.toThrow(
      'unknown field "spec.gate.tolerance"',
    );
  });

  test("says at once everything that is wrong", async () => {
    const work = kubectl("apply -f -", manifest("wrong", { period: "2026-13", gate: { mode: "Always" } }));
    for (const says of ["spec.period: Invalid value", "spec.gate.mode: Unsupported value"]) {
      await expect(work).rejects.toThrow(says);
    }
  });

  test("reads an unquoted Off as false, as all YAML 1.1 does, and is told so", async () => {
    const text = `${manifest("quoted", undefined)}spec: { gate: { mode: Off } }`;
    await expect(kubectl("apply -f -", text)).rejects.toThrow(
      'spec.gate.mode in body must be of type string: "boolean"',
    );
    expect(await kubectl("apply -f -", text.replace("Off", '"Off"'))).toContain("quoted created");
  });
});

describe("kubectl get", () => {
  const finished = {
    type: "Finished",
    status: "True",
    reason: "Published",
    message: "",
    lastTransitionTime: "2026-12-01T03:00:00Z",
  };

  beforeAll(async () => {
    await runs.create("monthly", { trigger: "Schedule" });
    await runs.patchStatus("monthly", {
      resolved: { model: "bikes", period: "2026-12", input: {}, inputHash: "ab" },
      verdict: "Published",
      conditions: [finished],
      data: { rows: 51234, stations: 51 },
      metrics: { mae: "81.2", championMae: "83.9", maeDeltaPercent: "-3.2" },
      version: "20261201-030000-ab12",
    });
  });

  test("shows a run in one line, by the short name too", async () => {
    const [head = "", row = ""] = (await kubectl("get rr monthly")).split("\n");
    const columns = [
      "NAME",
      "MODEL",
      "PERIOD",
      "TRIGGER",
      "VERDICT",
      "ROWS",
      "MAE",
      "DELTA",
      "VERSION",
      "AGE",
    ];
    expect(head.trim().split(/\s+/u)).toEqual(columns);
    const cells = ["monthly", "bikes", "2026-12", "Schedule", "Published", "51234", "81.2", "-3.2"];
    expect(row.trim().split(/\s+/u).slice(0, -1)).toEqual([...cells, "20261201-030000-ab12"]);
  });

  test("all lists runs among the rest", async () => {
    expect(await kubectl("get all -o name")).toContain("retrainrun.retrain.velo/monthly");
  });

  test("waits for the end of a run", async () => {
    expect(await kubectl("wait --for=condition=Finished rr/monthly --timeout=10s")).toContain(
      "condition met",
    );
  });
});
