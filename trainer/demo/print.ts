import path from "node:path";

import type { TrainerReport } from "../../contract/trainer-report.ts";
import { tableText, type Row } from "./tables-text.ts";
import type { DemoOptions } from "./options.ts";

type Say = (sentence: string) => void;

const shownStations = 5;
const decimals = (value: number | null, digits = 1): string => (value === null ? "" : value.toFixed(digits));

/** The run's report for people. */
export async function printReport(report: TrainerReport, options: DemoOptions, say: Say): Promise<void> {
  say(`\n${report.verdict}: ${report.message}`);
  for (const { title, rows } of tablesOf(report)) {
    if (rows.length > 0) say(`\n${title}\n${await tableText(rows)}`);
  }
  if (report.training?.tie !== undefined) say(`\n${report.training.tie}`);
  if (report.evaluationSkipped !== undefined) say(`\n${report.evaluationSkipped}`);
  for (const { name, severity, message } of report.checks.filter(({ passed }) => !passed)) {
    say(`${severity} ${name}: ${message}`);
  }
  say(`\n${stageLine(report)}`);
  for (const line of fileLines(report, options)) say(line);
}

function tablesOf(report: TrainerReport): { title: string; rows: Row[] }[] {
  return [
    { title: "What the cleaning left", rows: waterfallRows(report) },
    { title: "Grid search: RMSE of each candidate by fold, best first", rows: gridRows(report) },
    { title: errorTitle(report), rows: errorRows(report) },
    {
      title: "Earlier windows, each with a model that was trained on all days before",
      rows: backtestRows(report),
    },
    { title: `The gate (${report.gate?.mode ?? ""}): ${report.gate?.why ?? ""}`, rows: ruleRows(report) },
    { title: `The ${String(shownStations)} counters with the largest error`, rows: stationRows(report) },
  ];
}

const waterfallRows = ({ data }: TrainerReport): Row[] =>
  Object.entries(data?.waterfall ?? {}).map(([step, count]) => ({ step, rows: String(count) }));

const gridRows = ({ training }: TrainerReport): Row[] =>
  (training?.grid ?? []).map(({ maxDepth, learningRate, rounds, meanRmse, foldRmse }) => ({
    depth: String(maxDepth),
    rate: String(learningRate),
    rounds: String(rounds),
    "mean RMSE": decimals(meanRmse, 3),
    ...Object.fromEntries(foldRmse.map((rmse, fold) => [`fold ${String(fold + 1)}`, decimals(rmse, 3)])),
  }));

const errorTitle = ({ evaluation }: TrainerReport): string =>
  evaluation === undefined
    ? ""
    : `Error from ${evaluation.window.from} to ${evaluation.window.to}, of a model that has not seen these days`;

function errorRows({ evaluation }: TrainerReport): Row[] {
  if (evaluation === undefined) return [];
  const forecasts = {
    candidate: evaluation.candidate,
    ...(evaluation.champion === undefined ? {} : { champion: evaluation.champion }),
    "mean(lag_1, lag_7)": evaluation.naive,
    lag_7: evaluation.lastWeek,
  };
  return Object.entries(forecasts).map(([forecast, { n, mae, rmse, wapePercent, r2, bias }]) => ({
    forecast,
    n: String(n),
    MAE: decimals(mae),
    RMSE: decimals(rmse),
    "WAPE %": decimals(wapePercent),
    "R²": decimals(r2, 3),
    bias: decimals(bias),
  }));
}

const backtestRows = ({ backtest = [] }: TrainerReport): Row[] =>
  backtest.map(({ window, trainedRows, candidate, naive, skillPercent }) => ({
    window: `${window.from} – ${window.to}`,
    "trained on": String(trainedRows),
    n: String(candidate.n),
    MAE: decimals(candidate.mae),
    "naive MAE": decimals(naive.mae),
    "skill %": decimals(skillPercent),
  }));

const ruleRows = ({ gate }: TrainerReport): Row[] =>
  (gate?.rules ?? []).map(({ name, passed, value, limit, unit }) => ({
    rule: name,
    verdict: passed ? "passed" : "FAILED",
    value: `${decimals(value)} ${unit}`,
    limit: `${decimals(limit)} ${unit}`,
  }));

const stationRows = ({ evaluation }: TrainerReport): Row[] =>
  (evaluation?.stations ?? []).slice(0, shownStations).map(({ station, name, candidate, naive }) => ({
    counter: name ?? station,
    n: String(candidate.n),
    MAE: decimals(candidate.mae),
    "naive MAE": decimals(naive.mae),
    "WAPE %": decimals(candidate.wapePercent),
  }));

/** Of fewer, what the process takes anyway is most of what a reading seems to take. */
const manyReadings = 100_000;

function stageLine({ stages, peakMemoryBytes, bytesPerReading, data }: TrainerReport): string {
  const times = stages.map(({ name, seconds }) => `${name} ${seconds.toFixed(1)} s`).join(", ");
  const isMany = (data?.readings.bikeCount ?? 0) >= manyReadings;
  const perReading =
    bytesPerReading === undefined || !isMany ? "" : `, ${String(bytesPerReading)} bytes a reading`;
  return `${times}; peak memory ${String(Math.round(peakMemoryBytes / 2 ** 20))} MiB${perReading}`;
}

function fileLines({ model, version }: TrainerReport, { models, json, features }: DemoOptions): string[] {
  const directory = path.resolve(models, model);
  return [
    ...(version === undefined ? [] : [`Version: ${path.join(directory, "versions", version)}`]),
    ...(version === undefined
      ? []
      : [`Readers: ${path.join(directory, "xgboost_v1.ubj")} and preprocessor_v1.json`]),
    ...(version === undefined ? [] : [`Page: ${path.join(directory, "versions", version, "report.html")}`]),
    ...(json === undefined ? [] : [`Report: ${path.resolve(json)}`]),
    ...(features === undefined ? [] : [`Matrix: ${path.resolve(features)}`]),
  ];
}
