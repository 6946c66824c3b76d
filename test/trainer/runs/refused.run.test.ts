import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";

import type { RetrainRunSpec } from "../../../contract/retrain-run.ts";
import { startTestServer, type TestServer } from "../../support/database.ts";
import { json, second, verdictOf, withChampion } from "./champion-scene.ts";
import { forced, input, reportOf, run, scene } from "./scene.ts";

jest.setTimeout(180_000);
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

/** A candidate that cannot be better than the naive forecast. */
const hopeless: RetrainRunSpec = {
  training: { grid: { maxDepth: [1], learningRate: [0.01], rounds: [1] }, threads: 1 },
};

describe("a candidate that the gate refuses", () => {
  test.concurrent("is Rejected, says why, and its report is kept", async () => {
    await using on = await withChampion(server);
    const ended = await second(on, hopeless);
    expect(verdictOf(ended)).toEqual([0, "Rejected", "WorseThanChampion"]);
    const kept =
      readdirSync(join(on.models, "bikes", "runs")).find((name) => name.endsWith("0f0e0d0c-2")) ?? "";
    expect(json(on, `runs/${kept}/report.json`)).toEqual(reportOf(ended));
    expect(readdirSync(join(on.models, "bikes", "runs", kept)).sort()).toEqual([
      "report.html",
      "report.json",
    ]);
    expect(reportOf(ended).stages.map(({ name }) => name)).not.toContain("train");
  });

  test.concurrent("is kept with its model where storage.keepRejected asks for it", async () => {
    await using on = await withChampion(server);
    await second(on, { ...hopeless, storage: { keepRejected: true } });
    const kept =
      readdirSync(join(on.models, "bikes", "runs")).find((name) => name.endsWith("0f0e0d0c-2")) ?? "";
    expect(readdirSync(join(on.models, "bikes", "runs", kept)).sort()).toEqual([
      "model.ubj",
      "preprocessor.json",
      "report.html",
      "report.json",
    ]);
  });
});

describe("a candidate that the gate would refuse", () => {
  test.concurrent("is published by gate.mode Warn, which says what failed", async () => {
    await using on = await withChampion(server);
    const ended = await second(on, { ...hopeless, gate: { mode: "Warn" } });
    expect(verdictOf(ended)).toEqual([0, "Published", "GateWarned"]);
    expect(ended.termination.message).toMatch(/gate\.mode is Warn\. .*MAE/);
  });

  test.concurrent("is published unseen by gate.mode Off", async () => {
    await using on = await withChampion(server);
    const ended = await second(on, { ...hopeless, gate: { mode: "Off" } });
    expect(verdictOf(ended)).toEqual([0, "Published", "NewVersion"]);
    const { evaluation, gate, stages } = reportOf(ended);
    expect(evaluation).toBeUndefined();
    expect(gate).toMatchObject({ mode: "Off", rules: [] });
    expect(stages.map(({ name }) => name)).not.toContain("evaluate");
  });

  test.concurrent("is published when forced; report and history say who and why", async () => {
    await using on = await withChampion(server);
    const asked = { ...hopeless, requestedBy: "ann", force: { reason: "new counters" } };
    const ended = await second(on, asked);
    expect(verdictOf(ended)).toEqual([0, "Published", "Forced"]);
    expect(reportOf(ended)).toMatchObject({ requestedBy: "ann", forceReason: "new counters" });
    expect(ended.termination.message).toMatch(/Forced by ann \(new counters\)/);
    expect(json(on, "history/000002.json")).toMatchObject({
      by: "ann",
      why: "new counters",
      state: "committed",
    });
  });

  test.concurrent("in a dry run only says how it would end", async () => {
    await using on = await withChampion(server);
    const ended = await second(on, { ...hopeless, dryRun: true });
    expect(verdictOf(ended)).toEqual([0, "DryRun", "DryRunRequested"]);
    expect(ended.termination.message).toContain("Rejected/WorseThanChampion");
  });
});

describe("the files of the Python service", () => {
  test.concurrent(
    "are written where they are asked for, under the fixed names, and follow the current version",
    async () => {
      await using on = await scene(server);
      await run(on, { input: input({ storage: { legacyPickle: true } }) });
      for (const name of ["xgboost_v1.pkl", "preprocessor_v1.pkl"]) {
        expect(readFileSync(join(on.models, "bikes", name)).subarray(0, 2)).toEqual(Buffer.from([0x80, 4]));
      }
      await run(on, { input: forced({}, "0f0e0d0c-2") });
      expect(existsSync(join(on.models, "bikes", "xgboost_v1.pkl"))).toBe(false);
    },
  );
});
