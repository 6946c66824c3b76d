import { checks as checkWords, checkNames } from "../../../contract/checks.ts";
import type {
  BacktestWindow,
  CheckResult,
  DataReport,
  GateReport,
  TrainerReport,
  TrainingReport,
} from "../../../contract/trainer-report.ts";
import { featureNames } from "../../../trainer/features/names.ts";
import { gridTable } from "../../../trainer/search/candidates.ts";
import { counters, evaluationOf, metricsOf, countedDays, wobble } from "./city.ts";

/** The version that the run published, and the one before it. */
export const version = "20241207T010412Z-1a2b3c4d";
export const champion = "20241001T000408Z-9f8e7d6c";

/** A whole run of a city: published after all of gate, backtest and search. */
export function cityReport(options: { readonly stations?: number; readonly days?: number } = {}) {
  const { stations = 51, days = 67 } = options;
  const fleet = counters(stations);
  const evaluation = evaluationOf(fleet, "2024-10-01", days);
  return {
    schemaVersion: 1,
    runUid: "5ecc0a09-b40e-471b-b2f8-0d8d3afd0d5c",
    model: "bike-traffic",
    trigger: "Schedule",
    period: "2024-12",
    requestedBy: "system:serviceaccount:velo:schedule",
    verdict: "Published",
    reason: "NewVersion",
    message: `Version ${version} is current: trained on 31,567 rows of ${String(stations)} stations through 2024-12-06; MAE ${evaluation.candidate.mae.toFixed(1)} against ${evaluation.champion?.mae.toFixed(1) ?? ""} of the champion from 2024-10-01 to 2024-12-06`,
    exitCode: 0,
    version,
    current: { version, runUid: "5ecc0a09-b40e-471b-b2f8-0d8d3afd0d5c" },
    startedAt: "2024-12-07T01:03:21.054Z",
    finishedAt: "2024-12-07T01:04:12.541Z",
    data: dataReport(stations),
    checks: checkResults(),
    training: trainingReport(),
    evaluation,
    backtest: backtestWindows(),
    backtestSkipped: [
      "The window from 2024-06-11 to 2024-07-08 is left out: 160 days lie before it, expected at least 180",
    ],
    gate: gateReport(),
    stages: stages(),
    peakMemoryBytes: 301_690_880,
    bytesPerReading: 3795.9,
    lineage: {
      codeRevision: "31b7de590c1f0ab2d6a1f8f3d0a5ee5a9f1c2d3e",
      image: "registry.example.org/velo/retrain-trainer:0.1.0",
      node: "v24.21.0",
      library: "3.4.1",
      recipeFingerprint: "b7dc4089024a2a99d9f1c07521c9335aa46295cfa03a268ac48b82250826e516",
    },
  } satisfies TrainerReport;
}

const dataReport = (stations: number): DataReport => ({
  asOf: "2024-12-07T01:00:00.000Z",
  timeZone: "Europe/Paris",
  until: "2024-12-07",
  dataThrough: "2024-12-06",
  firstDay: "2020-11-12",
  rows: 31_567,
  stations,
  readings: { bikeCount: 48_163, weather: 714, countersInfo: 51 },
  lagOnlyReadings: 0,
  summed: 0,
  tables: {
    bikeCount: { granularity: "daily", multipleTimesShare: 0 },
    weather: { granularity: "daily", multipleTimesShare: 0 },
  },
  excluded: [{ why: "Roadworks at the station bridge", stationDays: 96 }],
  waterfall: {
    bike_count: 48_163,
    null_or_negative: 1_876,
    duplicate: 416,
    partial_day: 0,
    blacklisted: 0,
    excluded: 96,
    no_weather: 13_956,
    no_lag: 252,
    training_rows: 31_567,
  },
  fingerprint: "d1c58ead1507ea1a2422746ca8f262d840d5a425dea904f3f2c81ed8d83ddf26",
});

const found: Partial<Record<(typeof checkNames)[number], Partial<CheckResult>>> = {
  empty: { value: "bikeCount 48163, weather 714, countersInfo 51", limit: "1 row each" },
  rows: { value: 31_567, limit: 1000, message: "31,567 training rows" },
  age: { value: 1, limit: 7, message: "The newest count is of 2024-12-06" },
  level: { value: 97.4, limit: "50 to 200", message: "The fleet counted 97.4 % of its earlier level" },
  partialDays: {
    passed: false,
    value: 5,
    message:
      "On 5 days the whole fleet counted less than 15 % of the weeks around, the lowest is 2022-10-11 with 1 %; take known outages out with source.exclude",
  },
  zeroRuns: {
    passed: false,
    value: 145,
    limit: 19,
    message:
      "5 stations counted zero for more than 19 days, the longest is X2H20063162 with 0 for 145 days from 2024-04-10; take outages out with source.exclude",
  },
};

export const checkResults = (): CheckResult[] =>
  checkNames.map((name) => ({
    name,
    severity: checkWords[name].severity,
    passed: true,
    value: 0,
    limit: 5,
    message: `Nothing to complain about: ${checkWords[name].looksAt}`,
    ...found[name],
  }));

function trainingReport(): TrainingReport {
  const scores = [3, 5, 7].flatMap((maxDepth) =>
    [0.01, 0.1].flatMap((learningRate) =>
      [100, 500, 1000].flatMap((rounds) =>
        [190, 176, 139].map((level, fold) => ({
          maxDepth,
          learningRate,
          rounds,
          fold,
          rmse: level * (1 + 1.4 * Math.exp(-learningRate * rounds)) + 3 * (7 - maxDepth) + rounds / 400,
        })),
      ),
    ),
  );
  const grid = gridTable(scores, 3);
  const { maxDepth = 7, learningRate = 0.1, rounds = 100 } = grid[0] ?? {};
  return {
    grid,
    winner: { maxDepth, learningRate, rounds },
    folds: [
      { trainRows: 7_894, validRows: 7_891, validFrom: "2023-06-27", validTo: "2023-12-26" },
      { trainRows: 15_785, validRows: 7_891, validFrom: "2023-12-26", validTo: "2024-06-18" },
      { trainRows: 23_676, validRows: 7_891, validFrom: "2024-06-18", validTo: "2024-12-06" },
    ],
    seed: 0,
    threads: 2,
    gridRounds: 18_000,
    kernelSeconds: 30.8,
    finalRmse: 92.4,
    importance: featureNames
      .map((feature, i) => ({ feature, gain: 4_000_000 * Math.exp(-((i * 7) % 22) / 3) }))
      .sort((a, b) => b.gain - a.gain),
    recent: { from: "2024-11-09", to: "2024-12-06", n: 1244, mae: 51.2 },
    libraryVersion: "3.4.1",
  };
}

const backtestWindows = (): BacktestWindow[] =>
  ["2024-09-03", "2024-08-06", "2024-07-09"].map((from, i) => {
    const rows = countedDays(counters(48 - 2 * i).slice(i), from, 28);
    const [candidate, naive] = [metricsOf(rows, "candidate"), metricsOf(rows, "naive")];
    return {
      window: {
        from,
        to: ["2024-09-30", "2024-09-02", "2024-08-05"][i] ?? from,
        days: 28,
        rows: rows.length,
      },
      trainedRows: 27_100 - 1_250 * i,
      parameters: { maxDepth: 7, learningRate: 0.01, rounds: 500 },
      parametersFrom: "folds that end before the window: 2",
      candidate,
      championRecipe: metricsOf(rows, "champion"),
      naive,
      skillPercent: 100 * (1 - candidate.mae / naive.mae) + wobble(i),
    };
  });

type Rule = GateReport["rules"][number];

const rule = (name: Rule["name"], value: number, limit: number, message: string): Rule => ({
  name,
  passed: true,
  value,
  limit,
  unit: "%",
  message,
});

export const gateReport = (): GateReport => ({
  mode: "Enforce",
  passed: true,
  decidedBy: "window",
  why: "Candidate and champion were compared on the 67 days after the champion's last day, 2024-09-30",
  rules: [
    rule(
      "history",
      101.2,
      150,
      "The champion's error on its own newest training days is 101.2 % of what it was, allowed are 150 %",
    ),
    rule("champion", 91.3, 105, "The candidate's MAE is 91.3 % of the champion's, allowed are 105 %"),
    rule(
      "skill",
      36.4,
      5,
      "The candidate's MAE is 36.4 % below that of mean(lag_1, lag_7), expected at least 5 %",
    ),
    rule("stations", 3.9, 20, "2 of 51 stations are clearly worse than under the champion, allowed are 20 %"),
    rule("backtest", 36.1, 5, "The mean skill over 3 earlier windows is 36.1 %, expected at least 5 %"),
    rule(
      "newData",
      88.1,
      115,
      "The final model's MAE before the window is 88.1 % of the candidate's, allowed are 115 %",
    ),
  ],
  champion: {
    version: champion,
    dataThrough: "2024-09-30",
    rows: 28_412,
    stations: 50,
    parameters: { maxDepth: 7, learningRate: 0.01, rounds: 1000 },
  },
});

const stages = (): TrainerReport["stages"] => [
  { name: "open", seconds: 0.011 },
  { name: "extract", seconds: 0.154, rows: 48_163 },
  { name: "clean", seconds: 0.119, rows: 31_567 },
  { name: "check", seconds: 0.027 },
  { name: "search", seconds: 16.5, rows: 31_567, rounds: 18_000 },
  { name: "evaluate", seconds: 3.4, rows: 2_957, rounds: 500 },
  { name: "backtest", seconds: 7.9, rows: 3_900, rounds: 3_000 },
  { name: "train", seconds: 5.3, rows: 31_567, rounds: 100 },
  { name: "verify", seconds: 0.088 },
  { name: "publish", seconds: 0.136 },
];
