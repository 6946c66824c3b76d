import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import type { RetrainRunSpec } from "../../../contract/retrain-run.ts";
import { Evaluation } from "../../../contract/trainer-report.ts";
import type { PublishedModel } from "../../../trainer/champion/published-model.ts";
import { dayText, plusDays } from "../../../trainer/days.ts";
import { ErrorSums, served } from "../../../trainer/evaluate/metrics.ts";
import { evaluateStage, type Evaluated } from "../../../trainer/stages/evaluate.ts";
import type { TrainingPool } from "../../../trainer/xgboost/pool.ts";
import { report } from "../../support/builders.ts";
import { publishedOf } from "../champion/published-city.ts";
import { blockOf, rowsByName } from "./block-of.ts";
import { cityRun, searched } from "./city-run.ts";
import { cityHistory, cityPool, firstDay } from "./small-city.ts";

/**
 * Today's city: station f counts from the window on only, so no model knows it. Station b is not on the champion's
 * list, but has counted for long.
 */
const days = 160;
const through = plusDays(firstDay, 129);
const today = cityHistory({
  stations: 6,
  days,
  count: (day, station, usual) => (station === 5 && day < through - 3 ? undefined : usual),
});
const then = cityHistory({
  stations: 5,
  days: 130,
  count: (_day, station, usual) => (station === 1 ? undefined : usual),
});

let champion: PublishedModel;
let pool: TrainingPool;
beforeAll(async () => {
  await using old = await cityPool(then.table, 1);
  champion = await publishedOf(then, old);
  pool = await cityPool(today.table);
}, 300_000);
afterAll(() => pool[Symbol.asyncDispose]());

async function evaluate(spec: RetrainRunSpec = {}, against: PublishedModel = champion) {
  const run = cityRun(spec);
  const search = await searched(run, today, pool);
  const found = await evaluateStage(run, { history: today, search, pool, champion: against });
  return { found, draft: run.draft };
}

let stages: readonly unknown[];
let found: Evaluated | undefined;
let evaluation: Evaluation;
beforeAll(async () => {
  const evaluated = await evaluate({ gate: { minWindowRows: 120 } });
  ({ found } = evaluated);
  ({ stages } = evaluated.draft);
  evaluation = Evaluation.parse(evaluated.draft.evaluation);
}, 60_000);

describe("evaluateStage() with a champion", () => {
  test("judges the days after the champion's last one", () => {
    const [from, to] = [dayText(plusDays(through, 1)), dayText(plusDays(firstDay, days - 1))];
    expect(evaluation.window).toEqual({ from, to, days: 30, rows: 5 * 30 + 27 });
    expect(found?.window.rows.from).toBe(evaluation.trainedRows);
    expect(found?.undecided).toBeUndefined();
    const { rounds } = evaluation.parameters;
    expect(stages).toMatchObject([{ name: "evaluate", rows: 5 * 30 + 27, rounds }]);
  });

  test("scores candidate, champion and naive forecasts on the same rows", () => {
    const { candidate, naive, lastWeek } = evaluation;
    expect([candidate, evaluation.champion, naive, lastWeek].map((metrics) => metrics?.n)).toEqual([
      120, 120, 120, 120,
    ]);
    expect(evaluation.stations.map(({ station }) => station).sort()).toEqual(
      ["a", "c", "d", "e"].map((letter) => `station-${letter}`),
    );
    for (const { days: ofStation, champion: published } of evaluation.stations) {
      expect([ofStation, published?.n]).toEqual([30, 30]);
    }
    expect(evaluation.months.map(({ month, champion: published }) => [month, published?.n])).toEqual([
      ["2026-05", 21 * 4],
      ["2026-06", 9 * 4],
    ]);
  });

  test("feeds the champion its own station numbers", async () => {
    const rows = rowsByName(today).flatMap(({ day, id, features, label }) => {
      const number = then.ids.indexOf(id);
      return day <= through || number === -1
        ? []
        : [{ features: { ...features, station_id: number }, label }];
    });
    const raw = await pool.predictRows(champion.model, blockOf(rows.map(({ features }) => features)));
    const sums = new ErrorSums();
    for (const [r, { label }] of rows.entries()) sums.add(label, served(raw[r] ?? NaN));
    expect(evaluation.champion).toEqual(sums.metrics());
  });

  test("gives stations without a number the naive forecast, on a line of their own", () => {
    const sums = new ErrorSums();
    for (const { day, id, features, label } of rowsByName(today)) {
      if (day <= through || !["station-b", "station-f"].includes(id)) continue;
      sums.add(label, served((features.lag_1 + features.lag_7) / 2));
    }
    expect(evaluation.unknownStations).toEqual({ stations: 2, naive: sums.metrics() });
    expect(sums.n).toBe(30 + 27);
  });
});

describe("the report of an evaluation", () => {
  test("the parts add up to the whole", () => {
    const total = (lines: readonly { candidate: { n: number; mae: number } }[]): number =>
      lines.reduce((sum, { candidate: { n, mae } }) => sum + n * mae, 0);
    const { n, mae } = evaluation.candidate;
    expect(total(evaluation.stations)).toBeCloseTo(n * mae, 6);
    expect(total(evaluation.months)).toBeCloseTo(n * mae, 6);
    const shown = evaluation.series.find(({ station }) => station === evaluation.stations[0]?.station);
    const errors = shown?.actual.map((actual, i) => Math.abs(actual - (shown.candidate[i] ?? NaN))) ?? [];
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    expect(mean).toBeCloseTo(evaluation.stations[0]?.candidate.mae ?? NaN, 9);
  });

  test("says how sure the difference of the two is", () => {
    const { candidate, champion: published, difference } = evaluation;
    const { mae, low, high } = difference ?? { mae: NaN, low: NaN, high: NaN };
    expect(mae).toBeCloseTo(candidate.mae - (published?.mae ?? NaN), 9);
    expect(low).toBeLessThan(mae);
    expect(high).toBeGreaterThan(mae);
  });

  test("has two lines that are not judged", () => {
    const { servedLags, previousDayWeather } = evaluation.unjudged;
    expect(servedLags?.n).toBe(5 * 30); // all that the candidate knows, station b too
    expect(previousDayWeather?.n).toBe(120);
    expect(previousDayWeather?.mae).not.toBe(evaluation.candidate.mae);
  });
});

describe("evaluateStage()", () => {
  test("takes the champion's parameters when no fold ends before the window", async () => {
    const winner = { maxDepth: 1, learningRate: 0.4, rounds: 3 };
    const training = { winner } as NonNullable<ReturnType<typeof report>["training"]>;
    const early = {
      ...champion,
      preprocessor: { ...champion.preprocessor, dataThrough: dayText(plusDays(firstDay, 30)) },
      report: report({ training }),
    };
    const { evaluation } = (await evaluate({}, early)).draft;
    expect(evaluation).toMatchObject({
      parameters: winner,
      parametersFrom: "the champion, for no fold ends before the window",
    });
  });

  test("a station that only the champion knows is not judged", async () => {
    const stations = champion.preprocessor.stations.map((place) =>
      place.id === "station-a" ? { ...place, id: "station-f" } : place,
    );
    const other = { ...champion, preprocessor: { ...champion.preprocessor, stations } };
    const { evaluation: tested } = (await evaluate({}, other)).draft;
    expect(tested?.stations.map(({ station }) => station).sort()).toEqual([
      "station-c",
      "station-d",
      "station-e",
    ]);
    expect(tested?.unknownStations).toMatchObject({ stations: 3 });
  });

  test("without a champion judges the last days by the naive forecast alone", async () => {
    const { draft, found: first } = await firstRun();
    expect(draft.evaluation).toMatchObject({
      window: { days: 28, rows: 5 * 28 + 27 },
      candidate: { n: 5 * 28 },
      unknownStations: { stations: 1, naive: { n: 27 } },
    });
    expect(draft.evaluation).not.toHaveProperty("champion");
    expect(draft.evaluation).not.toHaveProperty("difference");
    expect(first?.undecided).toBe(
      "the window has 140 rows of known stations on 28 days, gate.minWindowRows asks for 200 rows",
    );
  });
});

describe("evaluateStage() where nothing can be tested", () => {
  test.each([
    {
      when: "the champion has seen all",
      spec: {},
      changed: { dataThrough: dayText(plusDays(firstDay, days + 40)) },
      why: "the current version has seen all days with a training row, through 2026-06-09",
    },
    {
      when: "no row lies before the window",
      spec: {},
      changed: { dataThrough: dayText(plusDays(firstDay, -1)) },
      why: `no row lies before the window of ${dayText(firstDay)} to 2026-06-09`,
    },
    {
      when: "the champion knows none of the window's stations",
      spec: {},
      changed: { stations: [{ id: "another city's", name: null, latitude: null, longitude: null }] },
      why: "no station of the window of 2026-05-11 to 2026-06-09 is known from before it",
    },
  ])("says so when $when", async ({ spec, changed, why }) => {
    const other = { ...champion, preprocessor: { ...champion.preprocessor, ...changed } };
    const { found: nothing, draft } = await evaluate(spec, other);
    expect(nothing).toBeUndefined();
    expect(draft).toMatchObject({ evaluationSkipped: `No evaluation: ${why}`, stages: [] });
    expect(draft.evaluation).toBeUndefined();
  });
});

async function firstRun() {
  const run = cityRun();
  const search = await searched(run, today, pool);
  const found = await evaluateStage(run, { history: today, search, pool, champion: undefined });
  return { found, draft: run.draft };
}
