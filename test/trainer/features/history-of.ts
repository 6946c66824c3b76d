import winston from "winston";

import type { RetrainRunSpec } from "../../../contract/retrain-run.ts";
import type { DataReport } from "../../../contract/trainer-report.ts";
import { newDraft, StageRecorder } from "../../../trainer/report/draft.ts";
import { ProgressMeter } from "../../../trainer/progress.ts";
import { runSpan } from "../../../trainer/span.ts";
import type { Run } from "../../../trainer/run.ts";
import { cleanStage, type History } from "../../../trainer/stages/clean.ts";
import { extractStage } from "../../../trainer/stages/extract.ts";
import { dayText, type Day } from "../../../trainer/days.ts";
import { featureNames } from "../../../trainer/features/names.ts";
import { allRows, FeatureSource } from "../../../trainer/features/source.ts";
import { input, report } from "../../support/builders.ts";

const clock = (): Date => new Date("2026-12-01T01:00:00Z");

/** A run that reads `url`, silently. */
function runOn(url: string, spec: RetrainRunSpec): Run {
  const [draft, log] = [newDraft(), winston.createLogger({ silent: true })];
  const meter = new ProgressMeter({ show: () => undefined, clear: () => undefined }, () => 0);
  const resolved = input(spec);
  return {
    input: resolved,
    config: {
      databaseUrl: url,
      databaseCaFile: undefined,
      modelsDir: "",
      terminationLog: undefined,
      reportFile: undefined,
      featuresFile: undefined,
      xgboostLibrary: undefined,
      cacheDir: "",
      logLevel: "info",
      lockStaleSeconds: 60,
      codeRevision: undefined,
      image: undefined,
    },
    span: runSpan(resolved.source, clock()),
    threads: 1,
    libraryPath: () => "",
    memoryLimitBytes: undefined,
    draft,
    stages: new StageRecorder(draft, log, meter, () => 0),
    meter,
    log,
    clock,
    signal: new AbortController().signal,
    reportSoFar: () => report(),
    resources: new AsyncDisposableStack(),
    page: () => Promise.resolve(undefined),
  };
}

/** The trainer's own stages extract and clean on a database, with what they report. */
export async function historyOf(
  url: string,
  spec: RetrainRunSpec = {},
): Promise<{ readonly history: History; readonly data: DataReport }> {
  const run = runOn(url, spec);
  const extracted = await extractStage(run);
  if (extracted === undefined) throw new Error(problemsIn(run));
  const { history } = await cleanStage(run, extracted);
  if (run.draft.data === undefined) throw new Error("The stage clean has reported nothing");
  return { history, data: run.draft.data };
}

const problemsIn = (run: Run): string => run.draft.checks.map(({ message }) => message).join("\n");

/** What the check schema says about the tables of a database; empty when they can be read. */
export async function schemaProblems(url: string, spec: RetrainRunSpec = {}): Promise<string> {
  const run = runOn(url, spec);
  await extractStage(run);
  return problemsIn(run);
}

/** The matrix that the model would see: day, station, the 22 features and the label of each row. */
export function matrixOf({ table, ids }: History): (string | number)[][] {
  const rows: (string | number)[][] = [];
  const source = new FeatureSource(table, allRows(table), 1000);
  for (let batch = source.next(); batch !== undefined; batch = source.next()) {
    const { values, stride, labels, days } = batch;
    for (let r = 0; r < batch.rows; r++) {
      const features = featureNames.map((_, f) => values[f * stride + r] ?? NaN);
      const id = ids[features[0] ?? -1] ?? "";
      rows.push([dayText((days[r] ?? 0) as Day), id, ...features, labels[r] ?? NaN]);
    }
  }
  return rows;
}
