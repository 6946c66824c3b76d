/**
 * Predicts with the version of a model that is current, and picks up the next one without a restart.
 *
 *     XGBOOST_LIBRARY=/path/to/libxgboost.so node reader.ts /models/bike-traffic        (Node 24; npm install koffi)
 *
 * Reads one observation a line and writes one prediction a line, both as JSON. docs/reading-models.md explains each step.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";

import { loadModel } from "./booster.ts";

/** A station's day to predict; null is unknown. */
export interface Observation {
  readonly station: string;
  readonly date: string;
  readonly avg_temp: number | null;
  readonly precipitation_mm: number | null;
  readonly vent_max: number | null;
  readonly is_holiday: boolean;
  readonly lag_1: number | null;
  readonly lag_7: number | null;
}

/** One published version, read once and kept in memory. */
interface Version {
  readonly name: string;
  readonly predict: (observed: Observation) => number | null;
}

interface Pointer {
  readonly version: string;
  readonly manifestSha256: string;
}
interface Manifest {
  readonly files: Readonly<Record<string, { readonly sha256: string } | undefined>>;
}
interface Preprocessor {
  readonly featureContractVersion: number;
  readonly features: readonly string[];
  readonly stations: readonly {
    readonly id: string;
    readonly latitude: number | null;
    readonly longitude: number | null;
  }[];
}

const featureContract = 1;

async function readPointer(modelDirectory: string): Promise<Pointer> {
  return JSON.parse(await readFile(path.join(modelDirectory, "CURRENT.json"), "utf8")) as Pointer;
}

async function openVersion(modelDirectory: string, pointer: Pointer): Promise<Version> {
  const directory = path.join(modelDirectory, "versions", pointer.version);
  const manifest = JSON.parse(
    String(await checked(directory, "MANIFEST.json", pointer.manifestSha256)),
  ) as Manifest;
  const open = (name: string): Promise<Buffer> => checked(directory, name, manifest.files[name]?.sha256);
  const preprocessor = JSON.parse(String(await open("preprocessor.json"))) as Preprocessor;
  const { featureContractVersion } = preprocessor;
  if (featureContractVersion !== featureContract) {
    throw new Error(
      `feature contract ${String(featureContractVersion)}, known is ${String(featureContract)}`,
    );
  }
  return { name: pointer.version, predict: predictor(preprocessor, loadModel(await open("model.ubj"))) };
}

/** The bytes of a file, which must be those that were published. */
async function checked(directory: string, name: string, sha256: string | undefined): Promise<Buffer> {
  const content = await readFile(path.join(directory, name));
  const found = createHash("sha256").update(content).digest("hex");
  if (found === sha256) return content;
  throw new Error(`${path.join(directory, name)} has SHA-256 ${found}, expected ${String(sha256)}`);
}

function predictor(
  { features, stations }: Preprocessor,
  predictRow: (row: Float32Array) => number,
): Version["predict"] {
  const numbers = new Map(stations.map(({ id }, number) => [id, number]));
  return (observed) => {
    const values = weatherAndLags(observed);
    const number = numbers.get(observed.station);
    const station = stations[number ?? -1];
    if (number === undefined || station === undefined) return served((values.lag_1 + values.lag_7) / 2);
    const columns: Record<string, number> = {
      ...calendar(observed.date),
      ...values,
      station_id: number,
      latitude: station.latitude ?? Number.NaN,
      longitude: station.longitude ?? Number.NaN,
      is_holiday: Number(observed.is_holiday),
    };
    return served(predictRow(Float32Array.from(features, (name) => columnOf(columns, name))));
  };
}

function columnOf(columns: Readonly<Record<string, number>>, name: string): number {
  const value = columns[name];
  if (value === undefined) throw new Error(`there is no feature ${name}`);
  return value;
}

function calendar(date: string): Record<string, number> {
  const day = new Date(`${date}T00:00:00Z`);
  const [year, month, weekday] = [day.getUTCFullYear(), day.getUTCMonth(), (day.getUTCDay() + 6) % 7];
  return {
    day_of_week: weekday,
    day_of_year: (day.getTime() - Date.UTC(year, 0, 1)) / 86_400_000 + 1,
    month: month + 1,
    year,
    is_weekend: Number(weekday >= 5),
    day_of_week_sin: Math.sin((2 * Math.PI * weekday) / 7),
    day_of_week_cos: Math.cos((2 * Math.PI * weekday) / 7),
    month_sin: Math.sin((2 * Math.PI * month) / 12),
    month_cos: Math.cos((2 * Math.PI * month) / 12),
  };
}

/** Comparisons are of float32 numbers and strict; one with a missing value is 0. */
function weatherAndLags(observed: Observation): Record<"lag_1" | "lag_7", number> & Record<string, number> {
  const known = (value: number | null): number => Math.fround(value ?? Number.NaN);
  const { avg_temp, precipitation_mm, vent_max } = observed;
  const [temperature, precipitation, wind] = [known(avg_temp), known(precipitation_mm), known(vent_max)];
  return {
    avg_temp: temperature,
    precipitation_mm: precipitation,
    vent_max: wind,
    is_rainy: Number(precipitation > 1),
    is_cold: Number(temperature < 5),
    is_hot: Number(temperature > 30),
    is_windy: Number(wind > 30),
    lag_1: known(observed.lag_1),
    lag_7: known(observed.lag_7),
  };
}

/** Never negative, and rounded half to even. Without a number there is no prediction. */
function served(raw: number): number | null {
  if (Number.isNaN(raw)) return null;
  const below = Math.floor(raw);
  const isHalf = raw - below === 0.5;
  return Math.max(0, isHalf ? 2 * Math.round(below / 2) : Math.round(raw));
}

const modelDirectory = process.argv[2] ?? ".";
let version = await openVersion(modelDirectory, await readPointer(modelDirectory));

/** Asks CURRENT.json, and keeps what it has when a newer version cannot be used. */
async function refresh(): Promise<void> {
  try {
    const pointer = await readPointer(modelDirectory);
    if (pointer.version !== version.name) version = await openVersion(modelDirectory, pointer); // One assignment.
  } catch (problem) {
    process.stderr.write(`still serving ${version.name}: ${String(problem)}\n`);
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  await refresh(); // A service does this every 30 seconds instead.
  const { name, predict } = version;
  const prediction = predict(JSON.parse(line) as Observation);
  process.stdout.write(`${JSON.stringify({ version: name, prediction })}\n`);
}
