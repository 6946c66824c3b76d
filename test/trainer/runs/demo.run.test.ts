import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, jest, test } from "@jest/globals";
import pgPromise from "pg-promise";
import { stringify } from "yaml";

import { TrainerReport } from "../../../contract/trainer-report.ts";
import { startTrainer, type RunningTrainer } from "../../support/trainer-process.ts";
import { modelsVolume } from "../publish/scene.ts";

jest.setTimeout(120_000);

/** A demo with all that it writes below `home`, its server's directory too. */
async function startDemo(home: string, args: readonly string[], rounds = 10): Promise<RunningTrainer> {
  const grid = { maxDepth: [2, 3], learningRate: [0.3], rounds: [rounds] };
  const run = { apiVersion: "retrain.velo/v1alpha1", kind: "RetrainRun", metadata: {} };
  await writeFile(join(home, "run.yaml"), stringify({ ...run, spec: { training: { grid } } }));
  await mkdir(join(home, "tmp"), { mode: 0o755 });
  const files = ["--run", join(home, "run.yaml"), "--models", join(home, "models")];
  return await startTrainer({
    program: "demo/main.ts",
    args: [...files, ...args],
    env: { TMPDIR: join(home, "tmp") },
  });
}

/** Command lines of all processes that have to do with `home`, by process id. */
function processesOf(home: string): Record<string, string> {
  const ids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const commands = ids.map((id) => [id, commandOf(id)] as const);
  return Object.fromEntries(commands.filter(([, command]) => command.includes(home)));
}

function commandOf(id: string): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return ""; // It has ended meanwhile.
  }
}

/** Waits as long as it takes; the test's own time limit is the end of patience. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await setTimeout(20);
}

async function nothingLeft(home: string): Promise<void> {
  await until(() => Object.keys(processesOf(home)).length === 0);
  await until(() => readdirSync(join(home, "tmp")).length === 0);
}

describe("npm run demo", () => {
  test.concurrent(
    "prints the verdict, the cleaning, the grid, the errors and where the files are",
    async () => {
      await using home = await modelsVolume();
      const [json, features] = [join(home.path, "report.json"), join(home.path, "matrix.csv.gz")];
      const args = ["--stations", "5", "--years", "1", "--json", json, "--features", features];
      using running = await startDemo(home.path, args);
      const { exitCode, stderr } = await running.ended;
      expect(exitCode).toBe(0);
      const report = TrainerReport.parse(JSON.parse(readFileSync(json, "utf8")));
      expect(report).toMatchObject({ verdict: "Published", model: "bike-traffic" });

      const models = join(home.path, "models", "bike-traffic");
      for (const words of [
        /Filled PostgreSQL from the generator \(5 stations, 1 years, seed 1\): \d+ counts/,
        /The run's clock stands at 2026-11-01T02:00:00/,
        `Published: ${report.message}`,
        /What the cleaning left\n[^]*training_rows[^]*\n\nGrid search/,
        /Grid search: RMSE of each candidate by fold, best first\n[^]*fold 3/,
        /Error from 2026-10-\d\d to 2026-10-31, of a model that has not seen these days\n[^]*mean\(lag_1, lag_7\)/,
        /The 5 counters with the largest error\n[^]*naive MAE/,
        /extract \d+\.\d s,.*; peak memory \d+ MiB/,
        `Version: ${join(models, "versions", report.version ?? "")}`,
        `Readers: ${join(models, "xgboost_v1.ubj")}`,
        `Report: ${json}`,
        `Matrix: ${features}`,
      ])
        expect(stderr).toEqual(
          typeof words === "string" ? expect.stringContaining(words) : expect.stringMatching(words),
        );
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
    expect(rows).toBeGreaterThan(1000);
    execFileSync("/bin/sh", ["-c", command]);
    await nothingLeft(home.path);
  });

  const days = Array.from({ length: 320 }, (_, i) =>
    new Date(Date.UTC(2025, 0, 1 + i)).toISOString().slice(0, 10),
  );
  const stations = ["a", "b", "c", "d", "e"];
  const csv = (header: string, lines: readonly string[]): string => `${[header, ...lines].join("\n")}\n`;
  const good = {
    "counters_info.csv": csv(
      "station_id,name,longitude,latitude",
      stations.map((id, i) => `${id},Counter ${id},3.8${String(i)},43.6${String(i)}`),
    ),
    "weather.csv": csv(
      "date,avg_temp,precipitation_mm,vent_max",
      days.map((day, i) => `${day},${String(10 + (i % 9))},${String(i % 4)},${String(10 + (i % 13))}`),
    ),
    "bike_count.csv": csv(
      "date,station_id,intensity",
      days.flatMap((day, i) =>
        stations.map((id, s) => `${day},${id},${String(100 + 40 * s + ((i * 31) % 47))}`),
      ),
    ),
  };

  test.concurrent.each([
    {
      what: "good files",
      files: {},
      verdict: "Published",
      says: /trained on \d+ rows of 5 stations through 2025-11-16/,
    },
    {
      what: "weather without a row",
      files: { "weather.csv": "date,avg_temp,precipitation_mm,vent_max\n" },
      verdict: "Aborted",
      says: /No rows in the span came from weather/,
    },
    {
      what: "an empty weather file",
      files: { "weather.csv": "" },
      verdict: "Aborted",
      says: /came from weather/,
    },
    {
      what: "counts in words",
      files: {
        "bike_count.csv": good["bike_count.csv"].replace(",247\n", ",many\n").replace(",100\n", ",many\n"),
      },
      verdict: "Aborted",
      says: /column bike_count\.intensity has type text/,
    },
    {
      what: "no dates at all",
      files: { "bike_count.csv": "station_id,intensity\na,5\n" },
      verdict: "Aborted",
      says: /has no column date/,
    },
  ])("--data with $what ends as $verdict", async ({ files, verdict, says }) => {
    await using home = await modelsVolume();
    await using data = await modelsVolume();
    for (const [name, text] of Object.entries({ ...good, ...files }))
      await writeFile(join(data.path, name), text);
    using running = await startDemo(home.path, ["--data", data.path]);
    const { exitCode, stderr } = await running.ended;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.stringMatching(`${verdict}: `) });
    expect(stderr).toMatch(says);
    await nothingLeft(home.path);
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
    await running.ended;
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
  await mkdir(join(home.path, "tmp"), { mode: 0o755 });
  using running = await startTrainer({
    program: "demo/main.ts",
    args,
    env: { TMPDIR: join(home.path, "tmp") },
  });
  const { exitCode, stdout, stderr } = await running.ended;
  expect({ exitCode, stdout }).toEqual({ exitCode: 78, stdout: "" });
  expect(stderr).toMatch(says);
  await nothingLeft(home.path);
});
