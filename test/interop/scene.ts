import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import path from "node:path";

import { Preprocessor } from "../../contract/published.ts";
import { preprocessorJson } from "../../trainer/artifacts/preprocessor.ts";
import type { Cleaned } from "../../trainer/clean/clean.ts";
import { history, stationsOf, weatherDays } from "../../trainer/demo/generator/history.ts";
import { featureNames } from "../../trainer/features/names.ts";
import { holidayCalendar } from "../../trainer/features/holidays.ts";
import { allRows, FeatureSource } from "../../trainer/features/source.ts";
import { rowsOf } from "../../trainer/features/training-table.ts";
import { legacyFiles, type LegacyFiles } from "../../trainer/legacy/legacy-files.ts";
import type { LegacyParameters } from "../../trainer/legacy/regressor.ts";
import { cacheDirectory, findLibrary } from "../../trainer/xgboost/library.ts";
import type { Fitted } from "../../trainer/xgboost/messages.ts";
import { TrainingPool } from "../../trainer/xgboost/pool.ts";
import { cleanedOf, input, type CountRow } from "../support/builders.ts";

/** A trained model's published files in a directory, with rows that Python is to predict, and our predictions of them. */
export interface Scene extends AsyncDisposable {
  readonly directory: string;
  readonly ids: readonly string[];
  readonly fitted: Fitted;
  readonly predictions: Float32Array;
  /** The features of the rows as we have them, by name; station_id is the index. */
  readonly columns: ReadonlyMap<string, Float32Array>;
}

export const rows = 1_000;
export const parameters: LegacyParameters = {
  maxDepth: 6,
  learningRate: 0.1,
  rounds: 80,
  seed: 7,
  maxBin: 128,
};

const plan = { stations: 12, years: 2, seed: 5, endDay: "2026-06-30" };

export async function interopScene(): Promise<Scene> {
  const { table, stations } = cleanedCity();
  await using pool = await startPool(table);
  const { maxDepth, learningRate, rounds, seed } = parameters;
  const trained = { maxDepth, learningRate, seed, nthread: 2 };
  const fitted = await pool.fit({ range: allRows(table), parameters: trained, rounds });
  const range = { from: rowsOf(table) - rows, to: rowsOf(table) };
  const predictions = await pool.predict(fitted.model, range);

  const columns = columnsOf(new FeatureSource(table, range, rows));
  const ids = stations.map(({ id }) => id);
  const { model } = fitted;
  const described = {
    version: "20260701T010000Z-a",
    model,
    input: input(),
    stations,
    dataThrough: plan.endDay,
  };
  const preprocessor = Preprocessor.parse(JSON.parse(preprocessorJson(described)));
  const directory = await written(
    model,
    legacyFiles({ model, parameters, preprocessor }),
    rawRows(columns, ids),
  );
  const remove = (): Promise<void> => rm(directory, { recursive: true });
  return { directory, ids, fitted, predictions, columns, [Symbol.asyncDispose]: remove };
}

/** Some thousand counts a day at a station, so that the model starts far from 0.5; one station's place is unknown. */
function cleanedCity(): Cleaned {
  const counts = new Map<string, CountRow>();
  for (const { date, readings } of history(plan)) {
    for (const { stationId, intensity } of readings) {
      if (intensity !== null) counts.set(`${date} ${stationId}`, [stationId, date, 8 * intensity]);
    }
  }
  const weather = new Map(
    [...weatherDays(plan)].map(({ day, weather: { avgTemp, precipitationMm, ventMax } }) => [
      day,
      { avgTemp, precipitation: precipitationMm, wind: ventMax },
    ]),
  );
  return cleanedOf([...counts.values()], {
    stationInfo: new Map(
      stationsOf(plan)
        .slice(1)
        .map((station) => [station.id, station]),
    ),
    weatherOf: (day) => weather.get(day),
    isHoliday: holidayCalendar("FR"),
  });
}

const startPool = (table: Cleaned["table"]): Promise<TrainingPool> =>
  TrainingPool.start({
    libraryPath: findLibrary({ cacheDir: cacheDirectory(process.env, homedir()) }).path,
    workers: 1,
    sourceModule: new URL("../../trainer/features/source.ts", import.meta.url).href,
    data: table,
    maxBin: parameters.maxBin,
  });

function columnsOf(source: FeatureSource): Map<string, Float32Array> {
  const batch = source.next();
  if (batch?.rows !== rows) throw new Error(`There are no ${String(rows)} rows to predict`);
  const { values, stride } = batch;
  return new Map(featureNames.map((name, f) => [name, values.slice(f * stride, f * stride + rows)]));
}

/** Raw rows name their station. */
function rawRows(columns: ReadonlyMap<string, Float32Array>, ids: readonly string[]): string {
  const entries = [...columns].map(([name, values]): [string, unknown] => [
    name,
    name === "station_id" ? [...values].map((index) => ids[index]) : hex(values),
  ]);
  return JSON.stringify(Object.fromEntries(entries));
}

/** The bytes of numbers; equal text means equal to the last bit. */
export const hex = ({ buffer, byteOffset, byteLength }: Float32Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString("hex");

async function written(model: Uint8Array, files: LegacyFiles, raw: string): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), "interop-"));
  await mkdir(path.join(directory, "compat"));
  for (const [name, content] of Object.entries({ ...files, "model.ubj": model, "raw.json": raw })) {
    await writeFile(path.join(directory, name), content);
  }
  return directory;
}
