import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";

import { startTestServer, type TestServer } from "../../support/database.ts";
import { json, second, verdictOf, withChampion } from "./champion-scene.ts";
import { reportOf, run, scene, smallGrid } from "./scene.ts";

jest.setTimeout(180_000);
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

describe("a month of new data", () => {
  test.concurrent(
    "is judged on its own days against the champion and the naive forecast, and published",
    async () => {
      await using on = await withChampion(server);
      const ended = await second(on);
      expect(verdictOf(ended)).toEqual([0, "Published", "NewVersion"]);
      const { gate, backtest = [], stages, ...report } = reportOf(ended);
      expect(report.evaluation).toMatchObject({
        window: { from: "2025-06-01", to: "2025-06-30", days: 30, rows: 240 },
        candidate: { n: 240 },
        champion: { n: 240 },
        naive: { n: 240 },
      });
      expect(gate).toMatchObject({
        mode: "Enforce",
        passed: true,
        decidedBy: "window",
        champion: { dataThrough: "2025-05-31" },
      });
      expect(gate?.rules.map(({ name }) => name)).toEqual([
        "history",
        "champion",
        "skill",
        "stations",
        "backtest",
        "newData",
      ]);
      expect(backtest.map(({ window }) => window.to)).toEqual(["2025-05-31", "2025-05-03", "2025-04-05"]);
      const rounds = Object.fromEntries(stages.map((stage) => [stage.name, stage.rounds]));
      expect(rounds).toMatchObject({ search: report.training?.gridRounds, evaluate: expect.any(Number) });
      expect(report.training?.importance?.length).toBeGreaterThan(3);
    },
  );
});

interface Spoilt {
  readonly what: string;
  readonly sql: string;
  readonly verdicts: readonly (readonly [string, string])[];
}
const spoilt: readonly Spoilt[] = [
  {
    what: "five times too high",
    sql: "UPDATE bike_count SET intensity = 5 * intensity WHERE date >= '2025-06-01'",
    verdicts: [["Aborted", "ImplausibleLevel"]],
  },
  {
    what: "all zero",
    sql: "UPDATE bike_count SET intensity = 0 WHERE date >= '2025-06-01'",
    verdicts: [["Aborted", "ImplausibleLevel"]],
  },
  {
    what: "gone with half of the history",
    sql: "DELETE FROM bike_count WHERE date < '2024-07-01'",
    verdicts: [["Aborted", "RowsLost"]],
  },
  {
    what: "of stations that were all renamed",
    sql: `UPDATE counters_info SET station_id = 'city-' || station_id;
          UPDATE bike_count SET station_id = 'city-' || station_id`,
    verdicts: [["Rejected", "HistoryChanged"]],
  },
  {
    what: "after a history that was shuffled since last autumn",
    sql: `WITH shuffled AS (
              SELECT a.id, b.intensity
                FROM (SELECT id, row_number() OVER (ORDER BY id) n FROM bike_count WHERE date >= '2024-10-01') a
                JOIN (SELECT intensity, row_number() OVER (ORDER BY md5(id::text)) n FROM bike_count WHERE date >= '2024-10-01') b
               USING (n))
            UPDATE bike_count SET intensity = shuffled.intensity FROM shuffled WHERE shuffled.id = bike_count.id`,
    verdicts: [
      ["Rejected", "HistoryChanged"],
      ["Aborted", "ImplausibleStations"],
    ],
  },
];

describe("a spoilt month", () => {
  test.concurrent.each(spoilt)("$what: refused, and the champion stays", async ({ sql, verdicts }) => {
    await using on = await withChampion(server);
    await on.db.none(sql);
    const ended = await second(on);
    const { verdict, reason } = ended.termination;
    expect(ended.exitCode).toBe(0);
    expect(verdicts).toContainEqual([verdict, reason]);
    expect(json(on, "CURRENT.json")).toMatchObject({ runUid: "0f0e0d0c-1", generation: 1 });
    expect(readdirSync(join(on.models, "bikes", "versions"))).toHaveLength(1);
  });
});

describe("a run without a new day", () => {
  test.concurrent("compares the recipes on earlier windows", async () => {
    await using on = await scene(server, { days: 730 });
    await run(on);
    const ended = await second(on, { training: { seed: 5, grid: { ...smallGrid, maxDepth: [3] } } });
    expect(verdictOf(ended)).toEqual([0, "Published", "DecidedByBacktest"]);
    const { gate, backtest = [], evaluationSkipped } = reportOf(ended);
    expect(gate).toMatchObject({ decidedBy: "backtest", passed: true });
    expect(backtest.every(({ championRecipe }) => championRecipe !== undefined)).toBe(true);
    expect(evaluationSkipped).toMatch(/has seen all days/);
  });

  test.concurrent("sees that the history is not what it was", async () => {
    await using on = await scene(server, { days: 730 });
    await run(on);
    await on.db.none(
      "UPDATE bike_count SET intensity = 100 + (intensity * 7919) % 400 WHERE date >= '2025-04-01'",
    );
    const ended = await second(on);
    expect(verdictOf(ended)).toEqual([0, "Rejected", "HistoryChanged"]);
    expect(json(on, "CURRENT.json")).toMatchObject({ runUid: "0f0e0d0c-1", generation: 1 });
  });
});
