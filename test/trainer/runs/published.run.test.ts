import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";

import { stageNames } from "../../../contract/stages.ts";
import { featureNames } from "../../../trainer/features/names.ts";
import { startTestServer, type TestServer } from "../../support/database.ts";
import { currentText, modelsVolume } from "../publish/scene.ts";
import { forced, input, reportOf, run, scene, type Ended, type Scene } from "./scene.ts";

jest.setTimeout(120_000);
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const read = (models: string, name: string): Buffer => readFileSync(join(models, "bikes", name));
const json = (models: string, name: string): unknown => JSON.parse(read(models, name).toString());

const filesOfAVersion = [
  "MANIFEST.json",
  "card.md",
  "checks.json",
  "metrics.json",
  "model.ubj",
  "preprocessor.json",
  "report.html",
  "report.json",
];

describe("a run on good data", () => {
  let on: Scene;
  let ended: Ended;
  beforeAll(async () => {
    on = await scene(server, { days: 400 });
    ended = await run(on, { input: input({ training: { threads: 2 } }) });
  });
  afterAll(async () => {
    await on[Symbol.asyncDispose]();
  });

  test("publishes a version with all its files, under the fixed names too", () => {
    expect(ended).toMatchObject({ exitCode: 0, termination: { verdict: "Published", reason: "NewVersion" } });
    const { version = "" } = reportOf(ended);
    expect(json(on.models, "CURRENT.json")).toMatchObject({ version, previous: null, generation: 1 });
    expect(readdirSync(join(on.models, "bikes", "versions", version)).sort()).toEqual(filesOfAVersion);

    const model = read(on.models, "xgboost_v1.ubj");
    expect(model).toEqual(read(on.models, `versions/${version}/model.ubj`));
    for (const name of featureNames) expect(model.includes(name)).toBe(true);
    expect(json(on.models, "preprocessor_v1.json")).toMatchObject({
      version,
      modelSha256: sha256(model),
      features: featureNames,
      dataThrough: "2025-06-30",
    });
    expect(read(on.models, "current/card.md").toString()).toContain(version);
  });

  test("reports the stages in their order, the cleaning, the grid and an evaluation", () => {
    const { stages, data, training, evaluation, checks } = reportOf(ended);
    expect(stages.map(({ name }) => name)).toEqual(stageNames);
    expect(data).toMatchObject({ rows: 3144, stations: 8, waterfall: { bike_count: 3200, no_lag: 56 } });
    expect(training?.grid).toHaveLength(4);
    expect(training?.folds).toHaveLength(3);
    expect(evaluation?.window).toEqual({ from: "2025-06-03", to: "2025-06-30", days: 28, rows: 224 });
    expect(evaluation?.candidate.mae).toBeLessThan(evaluation?.naive.mae ?? 0);
    expect(checks.filter(({ passed }) => !passed)).toEqual([]);
  });

  test("logs each stage with seconds, rows and memory", () => {
    const { log } = ended;
    const done = log.filter(({ message }) => message.endsWith(" done"));
    expect(done.map(({ stage }) => stage)).toEqual(stageNames);
    for (const line of done) {
      expect(line).toMatchObject({ seconds: expect.any(Number), memoryMiB: expect.any(Number) });
    }
    expect(done.find(({ stage }) => stage === "train")).toMatchObject({ rows: 3144 });
    expect(log.at(-1)).toMatchObject({ verdict: "Published", exitCode: 0 });
  });
});

describe("a second run on the same data", () => {
  test.concurrent("is Skipped as NoNewData", async () => {
    await using on = await scene(server);
    const { version } = reportOf(await run(on));
    const second = await run(on, { input: input({}, "0f0e0d0c-2") });
    expect(second).toMatchObject({ exitCode: 0, termination: { verdict: "Skipped", reason: "NoNewData" } });
    expect(reportOf(second)).toMatchObject({ current: { version, runUid: "0f0e0d0c-1" } });
    expect(reportOf(second).stages.map(({ name }) => name)).toEqual(["open", "extract", "clean", "check"]);
  });

  test.concurrent("when forced makes a new version and keeps the first as the previous", async () => {
    await using on = await scene(server);
    const first = reportOf(await run(on));
    const second = reportOf(await run(on, { input: forced({}, "0f0e0d0c-2") }));
    expect(second).toMatchObject({ verdict: "Published", reason: "Forced" });
    expect(second.version).not.toBe(first.version);
    expect(json(on.models, "CURRENT.json")).toMatchObject({
      version: second.version,
      previous: first.version,
      runUid: "0f0e0d0c-2",
    });
    expect(json(on.models, "preprocessor_v1.json")).toMatchObject({ version: second.version });
    expect(read(on.models, "xgboost_v1.ubj")).toEqual(
      read(on.models, `versions/${second.version ?? ""}/model.ubj`),
    );
  });

  test.concurrent("gives the same model bytes", async () => {
    await using on = await scene(server);
    await using other = await modelsVolume();
    const first = reportOf(await run(on));
    const second = reportOf(await run({ ...on, models: other.path }));
    expect(second.data?.fingerprint).toBe(first.data?.fingerprint);
    expect(second.lineage.recipeFingerprint).toBe(first.lineage.recipeFingerprint);
    expect(read(other.path, "xgboost_v1.ubj").equals(read(on.models, "xgboost_v1.ubj"))).toBe(true);
  });
});

describe("a run that is asked for more, or less", () => {
  test.concurrent.each(["matrix.csv", "matrix.csv.gz"])(
    "writes the matrix that the model saw to %s",
    async (name) => {
      await using on = await scene(server);
      await using elsewhere = await modelsVolume();
      const file = join(elsewhere.path, name);
      await run(on, { env: { FEATURES_FILE: file } });
      const bytes = readFileSync(file);
      const lines = (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString().trim().split("\n");
      expect(lines[0]).toBe(["date", "station", ...featureNames, "intensity"].join(","));
      expect(lines).toHaveLength(1545);
      expect(lines[1]?.split(",").slice(0, 3)).toEqual(["2024-12-20", "station-001", "0"]);
    },
  );

  test.concurrent("publishes nothing in a dry run", async () => {
    await using on = await scene(server);
    await run(on);
    const before = currentText(on.models);
    const ended = await run(on, { input: input({ dryRun: true, training: { seed: 5 } }, "0f0e0d0c-2") });
    expect(ended).toMatchObject({ exitCode: 0, termination: { verdict: "DryRun" } });
    expect(reportOf(ended).version).toBeUndefined();
    expect(currentText(on.models)).toBe(before);
    expect(readdirSync(join(on.models, "bikes", "versions"))).toHaveLength(1);
  });
});
