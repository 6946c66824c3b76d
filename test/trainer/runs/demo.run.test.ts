import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, jest, test } from "@jest/globals";
import pgPromise from "pg-promise";

import { TrainerReport } from "../../../contract/trainer-report.ts";
import { startTrainer, type RunningTrainer } from "../../support/trainer-process.ts";
import { modelsVolume } from "../publish/scene.ts";
import { nothingLeft, processesOf, startDemo, temporaryDirectory, until } from "./demo-scene.ts";

jest.setTimeout(120_000);

describe("npm run demo", () => {
  test.concurrent(
    "prints the verdict, the cleaning, the grid, the errors and where the files are",
    async () => {
      await using home = await modelsVolume();
      const [json, features] = [join(home.path, "report.json"), join(home.path, "matrix.csv.gz")];
      const args = ["--stations", "10", "--years", "1", "--json", json, "--features", features];
      using running = await startDemo(home.path, args);
      const { exitCode, stderr } = await running.ended;
      expect(exitCode).toBe(0);
      const report = TrainerReport.parse(JSON.parse(readFileSync(json, "utf8")));
      expect(report).toMatchObject({ verdict: "Published", model: "bike-traffic" });

      const models = join(home.path, "models", "bike-traffic");
      const sentences = [
        /Filled PostgreSQL from the generator \(10 stations, 1 year, seed 1\): \d+ counts/,
        /The run's clock stands at 2026-11-01T02:00:00/,
        /Published: Version .*; MAE \d+\.\d against \d+\.\d of mean/,
        /What the cleaning left\n[^]*training_rows[^]*\n\nGrid search/,
        /Grid search: RMSE of each candidate by fold, best first\n[^]*fold 3/,
        /Error from 2026-10-\d\d to 2026-10-31, of a model that has not seen these days\n[^]*mean\(lag_1, lag_7\)/,
        /The 5 counters with the largest error\n[^]*naive MAE/,
        /extract \d+\.\d s,.*; peak memory \d+ MiB/,
        `Version: ${join(models, "versions", report.version ?? "")}`,
        `Readers: ${join(models, "xgboost_v1.ubj")}`,
        `Report: ${json}`,
        `Matrix: ${features}`,
      ];
      for (const sentence of sentences) expect(stderr).toMatch(sentence);
      expect(stderr).not.toMatch(/undefined|NaN|\[object/);
      expect(readdirSync(home.path).sort()).toEqual([
        "matrix.csv.gz",
        "models",
        "report.json",
        "run.yaml",
        "tmp",
      ]);
      await nothingLeft(home.path);
    },
  );

  test.concurrent("--keep leaves a database that answers, and the printed command ends it", async () => {
    await using home = await modelsVolume();
    using running = await startDemo(home.path, ["--stations", "5", "--years", "1", "--keep"]);
    const { exitCode, stderr } = await running.ended;
    expect(exitCode).toBe(0);
    const [, url = ""] = /DATABASE_URL=(\S+)/.exec(stderr) ?? [];
    const [, command = ""] = /End it with: (.+)/.exec(stderr) ?? [];
    const db = pgPromise({ noWarnings: true })(url);
    const { rows } = await db.one<{ rows: number }>("SELECT count(*)::int AS rows FROM bike_count");
    await db.$pool.end();
    execFileSync("/bin/sh", ["-c", command]);
    await nothingLeft(home.path);
    expect(rows).toBeGreaterThan(1000);
    expect(stderr).toContain("compared with mean(lag_1, lag_7) only, on 3 earlier windows");
  });
});

describe("a demo that is stopped leaves no server and no file behind,", () => {
  const training = ["--stations", "5", "--years", "1"];
  const inTraining = async (running: RunningTrainer): Promise<void> => {
    await running.saw(({ message }) => message === "check done");
  };

  test.concurrent.each([
    {
      how: "by SIGTERM",
      stop: (running: RunningTrainer) => {
        running.kill("SIGTERM");
      },
    },
    {
      how: "by Ctrl-C on a terminal, which signals the whole group",
      stop: ({ pid }: RunningTrainer) => {
        process.kill(-pid, "SIGINT");
      },
    },
  ])("while it trains, $how", async ({ stop }) => {
    await using home = await modelsVolume();
    using running = await startDemo(home.path, training, 20_000);
    await inTraining(running);
    stop(running);
    const { exitCode, stdout } = await running.ended;
    expect(exitCode).toBe(143);
    expect(stdout).toContain('"verdict":"Cancelled"');
    expect(readdirSync(join(home.path, "models", "bike-traffic", ".staging"))).toEqual([]);
    await nothingLeft(home.path);
  });

  test.concurrent("while it fills the database, by SIGTERM", async () => {
    await using home = await modelsVolume();
    using running = await startDemo(home.path, ["--stations", "200", "--years", "20"]);
    await until(() =>
      Object.values(processesOf(home.path)).some((command) => command.includes("bin/postgres ")),
    );
    running.kill("SIGTERM");
    expect(await running.ended).toMatchObject({ exitCode: null, signal: "SIGTERM" });
    await nothingLeft(home.path);
  });
});

test.concurrent.each([
  {
    args: ["--stations", "0"],
    says: /--stations is 0, expected a whole number above 0\. Usage: npm run demo/,
  },
  { args: ["--statoins", "5"], says: /'--statoins'.*Usage: npm run demo/ },
  {
    args: ["--data", "/nowhere"],
    says: /Cannot read \/nowhere\/counters_info\.csv: ENOENT; the data directory must have/,
  },
  { args: ["--run", "/nowhere/run.yaml"], says: /Cannot read the manifest \/nowhere\/run\.yaml/ },
])("npm run demo -- $args is refused with 78", async ({ args, says }) => {
  await using home = await modelsVolume();
  await temporaryDirectory(home.path);
  using running = await startTrainer({
    program: "demo/main.ts",
    args,
    env: { TMPDIR: join(home.path, "tmp") },
  });
  const { exitCode, stdout, stderr } = await running.ended;
  expect({ exitCode, stdout }).toEqual({ exitCode: 78, stdout: "" });
  expect(stderr).toMatch(says);
  expect(stderr).not.toContain("Filled PostgreSQL");
  await nothingLeft(home.path);
});
