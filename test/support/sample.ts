import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

import { loadCsv } from "../../trainer/demo/load-csv.ts";
import type { TrainingTable } from "../../trainer/features/training-table.ts";
import type { History } from "../../trainer/stages/clean.ts";
import { cacheDirectory, findLibrary } from "../../trainer/xgboost/library.ts";
import { TrainingPool } from "../../trainer/xgboost/pool.ts";
import { historyOf } from "../trainer/features/history-of.ts";
import { startTestDatabase } from "./database.ts";

const directory = process.env["SAMPLE_DATA"] ?? "../shared/data";

/** One of the reference files, computed with pandas and scikit-learn. */
export const sampleReference = (name: string): Buffer =>
  readFileSync(path.join(directory, "reference", name));

/** The city's real data through PostgreSQL, the trainer's own extraction and cleaning. */
export async function sampleHistory(): Promise<History> {
  await using database = await startTestDatabase();
  await loadCsv(path.join(directory, "montpellier"), database.db);
  const { history } = await historyOf(database.url, { source: { asOf: "2024-12-07T02:00:00+01:00" } });
  return history;
}

/** Two training workers on a table. */
export const samplePool = (table: TrainingTable): Promise<TrainingPool> =>
  TrainingPool.start({
    libraryPath: findLibrary({ cacheDir: cacheDirectory(process.env, homedir()) }).path,
    workers: 2,
    sourceModule: new URL("../../trainer/features/source.ts", import.meta.url).href,
    data: table,
    maxBin: 256,
  });
