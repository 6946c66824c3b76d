import { cp, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";

import type { Evaluation, Metrics } from "../../../contract/trainer-report.ts";
import { startTestServer, type TestServer } from "../../support/database.ts";
import { modelsVolume } from "../publish/scene.ts";
import { publishedTwice, type PublishedTwice } from "./published-twice.ts";
import { documentOf, runModels } from "./scene.ts";

jest.setTimeout(180_000);
let server: TestServer;
let published: PublishedTwice;
beforeAll(async () => {
  server = await startTestServer();
  published = await publishedTwice(server);
});
afterAll(async () => {
  await published[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

interface Errors {
  readonly a: Metrics;
  readonly b?: Metrics;
  readonly naive: Metrics;
}
interface Score {
  readonly versions: readonly string[];
  readonly window: { readonly from: string; readonly to: string; readonly days: number };
  readonly total: Errors & { readonly lastWeek: Metrics };
  readonly months: readonly (Errors & { readonly month: string })[];
  readonly stations: readonly (Errors & { readonly station: string })[];
}

const june = ["--since", "2025-06-01", "--until", "2025-07-01"];
const scoreOf = async (words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Score> =>
  (await documentOf(published.on.models, ["score", "bikes", ...words], env)) as Score;

function evaluation(): Evaluation {
  const { evaluation } = published.second;
  if (evaluation === undefined) throw new Error("The second run compared nothing");
  return evaluation;
}

describe("npm run models score", () => {
  test("gives the version before the errors that the gate of the next run gave it", async () => {
    const { champion, naive, lastWeek, window, months, stations } = evaluation();
    const score = await scoreOf(["previous", "--data", published.on.url, ...june]);
    expect(score.versions).toEqual([published.first.version]);
    expect(score.window).toEqual({ from: window.from, to: window.to, days: window.days });
    expect(score.total).toEqual({ a: champion, naive, lastWeek });
    expect(score.months).toEqual(
      months.map(({ month, ...of }) => ({ month, a: of.champion, naive: of.naive })),
    );
    const byId = (a: { station: string }, b: { station: string }) => (a.station < b.station ? -1 : 1);
    expect(score.stations.map(({ station, a }) => ({ station, a })).sort(byId)).toEqual(
      stations.map(({ station, champion: a }) => ({ station, a })).sort(byId),
    );
  });

  test("sets two versions side by side, and says which has seen the days", async () => {
    const words = ["score", "bikes", "previous,current", ...june];
    const { exitCode, stdout, stderr } = await runModels(published.on.models, words, {
      DATABASE_URL: published.on.url,
    });
    const [first = "", second = ""] = [published.first.version, published.second.version];
    expect(exitCode).toBe(0);
    expect(stderr).toBe(
      `Mind that ${second} was trained on days through 2025-06-30: its errors from 2025-06-01 to then are on days that it has seen.\n`,
    );
    expect(stdout).toMatch(/^bikes from 2025-06-01 to 2025-06-30, served predictions, counts a day\n/);
    expect(stdout).toMatch(new RegExp(`│ month +│ +n │ A ${first} │ B ${second} │ B - A`));
    expect(stdout).toMatch(/║ 8 │ Counter \d/);
  });
});

describe("npm run models score and its data", () => {
  test("reads a directory of CSV files as it reads a database, and days until one day, which is not among them", async () => {
    await using directory = await modelsVolume();
    await writeCsv(directory.path);
    const days = ["--since", "2025-06-29", "--until", "2025-06-30"];
    const [ofFiles, ofDatabase] = [
      await scoreOf(["previous", "--data", directory.path, ...days]),
      await scoreOf(["previous", "--data", published.on.url, ...days]),
    ];
    expect(ofFiles).toEqual(ofDatabase);
    expect(ofFiles.window).toEqual({ from: "2025-06-29", to: "2025-06-29", days: 1 });
    expect(ofFiles.total.a.n).toBe(8);
  });

  test("reads tables of other names by a run's mapping", async () => {
    const { db, url, models } = published.on;
    await db.none("CREATE VIEW readings AS SELECT id, date AS at, station_id, intensity FROM bike_count");
    await using directory = await modelsVolume();
    const [run, wrong] = [join(directory.path, "run.yaml"), join(directory.path, "wrong.yaml")];
    const source = { tables: { bikeCount: "readings" }, columns: { bikeCount: { date: "at" } } };
    await writeFile(run, manifest({ source }));
    await writeFile(wrong, manifest({ source: { tables: source.tables } }));
    const mapped = await scoreOf(["previous", "--data", url, ...june, "--run", run]);
    expect(mapped.total.a).toEqual(evaluation().champion);
    const words = ["score", "bikes", "previous", "--data", url, ...june, "--run", wrong];
    const { exitCode, stderr } = await runModels(models, words);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 78,
      stderr: expect.stringMatching(/^Cannot read the data: .*"?date"?.*\(--run\)\.\n$/),
    });
  });
});

describe("npm run models score refuses", () => {
  const later = ["--since", "2026-06-01", "--until", "2026-07-01"];
  test.each([
    {
      what: "days without a row",
      words: () => ["--data", published.on.url, ...later],
      exitCode: 78,
      says: /from 2026-06-01 to 2026-06-30: .* no row/,
    },
    {
      what: "to guess where the data are",
      words: () => june,
      exitCode: 78,
      says: /neither --data nor DATABASE_URL/,
    },
    {
      what: "a directory that is not there",
      words: () => ["--data", "/nowhere", ...june],
      exitCode: 78,
      says: /Cannot read \/nowhere\/\w+\.csv: ENOENT/,
    },
    {
      what: "a database that is not there",
      words: () => ["--data", "postgres://u:hidden@127.0.0.1:9/d", ...june],
      exitCode: 75,
      says: /Cannot connect to PostgreSQL/,
    },
  ])("$what", async ({ words, exitCode, says }) => {
    const ended = await runModels(published.on.models, ["score", "bikes", "previous", ...words()]);
    expect(ended).toEqual({ exitCode, stdout: "", stderr: expect.stringMatching(says) });
    expect(ended.stderr).not.toContain("hidden");
  });

  test("a damaged model", async () => {
    const { on, first } = published;
    await using volume = await modelsVolume();
    await cp(on.models, volume.path, { recursive: true, verbatimSymlinks: true });
    await truncate(join(volume.path, "bikes/versions", first.version ?? "", "model.ubj"), 100);
    const words = ["score", "bikes", "previous", "--data", on.url, ...june];
    const { exitCode, stderr } = await runModels(volume.path, words);
    expect({ exitCode, stderr }).toEqual({ exitCode: 74, stderr: expect.stringMatching(/model\.ubj/) });
  });
});

const manifest = (spec: object): string =>
  JSON.stringify({ apiVersion: "retrain.velo/v1alpha1", kind: "RetrainRun", metadata: {}, spec });

/** The three tables as files, the days of two weeks only: a span needs no more than the week before it. */
async function writeCsv(directory: string): Promise<void> {
  const tables = {
    bike_count:
      "SELECT station_id, date::text, intensity FROM bike_count WHERE date >= '2025-06-16' ORDER BY id",
    weather: "SELECT date::text, avg_temp, precipitation_mm, vent_max FROM weather ORDER BY id",
    counters_info: "SELECT station_id, name, longitude, latitude FROM counters_info",
  };
  for (const [table, query] of Object.entries(tables)) {
    const rows = await published.on.db.any<Record<string, unknown>>(query);
    const lines = [Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))];
    await writeFile(join(directory, `${table}.csv`), lines.map((cells) => `${cells.join(",")}\n`).join(""));
  }
}
