import { readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { stringify } from "yaml";

import { TrainerReport } from "../../../contract/trainer-report.ts";
import { startTestServer, type TestServer } from "../../support/database.ts";
import { nightAfter } from "../../support/history.ts";
import { runTrainer, type EndedTrainer } from "../../support/trainer-process.ts";
import { modelsVolume } from "../publish/scene.ts";
import { scene, secretWords } from "./scene.ts";

jest.setTimeout(120_000);
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const manifest = (spec: object): object => ({
  apiVersion: "retrain.velo/v1alpha1",
  kind: "RetrainRun",
  metadata: { name: "by-hand" },
  spec,
});
const grid = { maxDepth: [2, 3], learningRate: [0.3], rounds: [5, 10] };

/** `npm run train` with a manifest of this text, in a directory of its own; everything is written below it. */
async function train(text: string, url: string, directory: string): Promise<EndedTrainer> {
  const file = join(directory, "run.yaml");
  await writeFile(file, text);
  return await trainWith(url, [file, "--models", join(directory, "models"), "--json", reportIn(directory)]);
}
const trainWith = (url: string, args: readonly string[]): Promise<EndedTrainer> =>
  runTrainer({ program: "train.ts", args, env: { DATABASE_URL: url } });
const reportIn = (directory: string): string => join(directory, "report.json");
const readReport = (directory: string): TrainerReport =>
  TrainerReport.parse(JSON.parse(readFileSync(reportIn(directory), "utf8")));

describe("npm run train", () => {
  test.concurrent.each(["train.ts", "demo/main.ts"] as const)(
    "%s tells its options when asked",
    async (program) => {
      const { exitCode, stdout, stderr } = await runTrainer({ program, args: ["--help"], env: {} });
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(stdout).toMatch(/^npm run (train|demo) -- .*--models DIR/u);
    },
  );

  test.concurrent("with an empty spec trains the whole built-in grid through yesterday", async () => {
    const lastDay = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    await using on = await scene(server, { lastDay });
    await using directory = await modelsVolume();
    const ended = await train(stringify(manifest({})), on.url, directory.path);
    expect(ended).toMatchObject({ exitCode: 0, stderr: "" });
    expect(readReport(directory.path)).toMatchObject({ verdict: "Published", model: "bike-traffic" });
    expect(readReport(directory.path).training?.grid).toHaveLength(18);
    expect(readdirSync(join(directory.path, "models", "bike-traffic", "versions"))).toHaveLength(1);
  });

  test.concurrent("with a mapping reads tables and columns of other names", async () => {
    await using on = await scene(server);
    await using directory = await modelsVolume();
    await on.db.none(`
      CREATE SCHEMA city;
      ALTER TABLE bike_count SET SCHEMA city;
      ALTER TABLE city.bike_count RENAME TO "Comptages";
      ALTER TABLE city."Comptages" RENAME intensity TO "vélos par jour";
      ALTER TABLE weather RENAME avg_temp TO temperature_2m_mean`);
    const spec = {
      model: "by-hand",
      source: {
        asOf: nightAfter,
        tables: { bikeCount: "city.Comptages" },
        columns: { bikeCount: { intensity: "vélos par jour" } },
      },
      training: { grid },
    };
    const ended = await train(stringify(manifest(spec)), on.url, directory.path);
    expect(ended).toMatchObject({ exitCode: 0, stderr: "" });
    expect(readReport(directory.path)).toMatchObject({
      verdict: "Published",
      model: "by-hand",
      data: { rows: 1544 },
    });
  });
});

describe("npm run train refuses with 78, before it connects,", () => {
  const nowhere = `postgresql://reader:${secretWords}@127.0.0.1:9/bikes`;

  test.concurrent.each([
    {
      what: "a file that is not YAML",
      text: "spec: [1, 2\nkind: {",
      says: /Cannot read the manifest .*line 2/,
    },
    { what: "an empty file", text: "", says: /Cannot use the manifest .*run\.yaml: the document: .*object/ },
    {
      what: "another kind",
      text: stringify({ ...manifest({}), kind: "CronJob" }),
      says: /kind: .*RetrainRun/,
    },
    {
      what: "an unknown field",
      text: stringify(manifest({ training: { grids: grid } })),
      says: /spec\.training: .*"grids"/,
    },
    {
      what: "several wrong values, all of which are told",
      text: stringify(manifest({ source: { timeZone: "Europe/Nowhere" }, training: { folds: 1 } })),
      says: /spec\.source\.timeZone: .*Europe\/Paris.*; spec\.training\.folds: /,
    },
    {
      what: "a model's name that is no directory's",
      text: stringify(manifest({ model: "../bikes" })),
      says: /spec\.model: expected lower-case/,
    },
  ])("$what", async ({ text, says }) => {
    await using directory = await modelsVolume();
    expect(refusal(await train(text, nowhere, directory.path))).toMatch(says);
    expect(readdirSync(directory.path)).toEqual(["run.yaml"]);
  });

  test.concurrent.each([
    {
      what: "a file that is not there",
      args: ["/nowhere/run.yaml"],
      says: /manifest \/nowhere\/run\.yaml: ENOENT/,
    },
    { what: "no file", args: [], says: /expected one manifest, got 0\. Usage: npm run train/ },
    { what: "two files", args: ["a.yaml", "b.yaml"], says: /expected one manifest, got 2\. Usage/ },
    { what: "an unknown option", args: ["a.yaml", "--model", "x"], says: /'--model'.*Usage/ },
  ])("$what", async ({ args, says }) => {
    expect(refusal(await trainWith(nowhere, args))).toMatch(says);
  });
});

/** The one line that a refused command says; there is no run, so there is no report of one. */
function refusal({ exitCode, stdout, stderr, termination }: EndedTrainer): string {
  expect({ exitCode, stdout, termination }).toEqual({ exitCode: 78, stdout: "", termination: undefined });
  expect(stderr).toMatch(/^[A-Z].{20,}\n$/);
  expect(stderr).not.toContain(secretWords);
  return stderr;
}
