import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { z } from "zod";

import { ensureInterop, interopVersions } from "../../hack/interop.ts";
import { ensureLibrary } from "../../hack/setup.ts";
import { featureNames } from "../../trainer/features/names.ts";
import { runPython } from "./run-python.ts";
import { hex, interopScene, parameters, rows, type Scene } from "./scene.ts";

const Found = z.object({
  versions: z.object({ xgboost: z.string(), sklearn: z.string() }),
  predictions: z.record(z.string(), z.string()),
  nativePredictions: z.string(),
  inputs: z.record(z.string(), z.string()),
  unknownStation: z.array(z.int()),
  state: z.record(z.string(), z.string()),
  classes: z.array(z.string()),
  known: z.array(z.string()),
  fallback: z.string(),
  features: z.array(z.string()),
  target: z.string(),
  scaler: z.tuple([z.boolean(), z.boolean(), z.int(), z.array(z.string())]),
  parameters: z.record(z.string(), z.unknown()),
  clonedDepth: z.int(),
  modelFeatures: z.array(z.string()),
  modelColumns: z.int(),
});

type Found = z.infer<typeof Found>;

let scene: Scene;
const founds = new Map<string, Found>();
beforeAll(async () => {
  await ensureLibrary(() => undefined);
  const pythons = await ensureInterop(() => undefined);
  scene = await interopScene();
  for (const python of pythons) {
    founds.set(python.xgboost, Found.parse(await runPython(python, "predict.py", scene.directory)));
  }
}, 1_800_000);
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
});

test("the model starts far from 0.5, which is what old readers take for a base_score they do not know", () => {
  expect(scene.fitted.baseScore).toBeGreaterThan(500);
});

/** What the Python with this version of XGBoost found. */
function foundBy(version: string): Found {
  const found = founds.get(version);
  if (found === undefined) throw new Error(`There is no Python with xgboost ${version}`);
  return found;
}

describe.each(interopVersions)("xgboost %s", (version) => {
  test("is the version, beside scikit-learn 1.7", () => {
    expect(foundBy(version).versions).toEqual({
      xgboost: version,
      sklearn: expect.stringMatching(/^1\.7\./u),
    });
  });

  test("predicts what we predict to the last bit, in every way it can be asked", () => {
    const identical = Object.entries(foundBy(version).predictions).map(([way, theirs]) => [
      way,
      identicalTo(theirs),
    ]);
    const least = Math.min(...identical.map(([, count]) => Number(count)));
    process.stderr.write(`xgboost ${version}: ${String(least)} of ${String(rows)} predictions identical\n`);
    expect(Object.fromEntries(identical)).toEqual({
      "a frame of mixed types": rows,
      "a frame of doubles": rows,
      "an array": rows,
      "a DMatrix": rows,
      "files dumped again": rows,
      "a model saved again": rows,
    });
  });

  test("reads model.ubj itself the same only since 3.1, without an error before", () => {
    const [major = 0, minor = 0] = version.split(".").map(Number);
    const isRead = major > 3 || (major === 3 && minor >= 1);
    expect(identicalTo(foundBy(version).nativePredictions)).toBe(isRead ? rows : 0);
  });

  test("tells the parameters and the columns that the model was trained with", () => {
    expect(foundBy(version).parameters).toMatchObject({
      objective: "reg:squarederror",
      tree_method: "hist",
      max_depth: parameters.maxDepth,
      learning_rate: parameters.learningRate,
      n_estimators: parameters.rounds,
      max_bin: parameters.maxBin,
      random_state: parameters.seed,
    });
    expect(foundBy(version)).toMatchObject({
      clonedDepth: parameters.maxDepth,
      modelFeatures: featureNames,
      modelColumns: featureNames.length,
    });
  });
});

describe.each(interopVersions)("the preprocessor beside xgboost %s", (version) => {
  test("changes nothing but the station into its index", () => {
    const ours = [...scene.columns].map(([name, values]): [string, string] => [name, hex(values)]);
    expect(Object.entries(foundBy(version).inputs)).toEqual(ours);
    expect(ours.map(([name]) => name)).toEqual(featureNames);
  });

  test("takes an unknown station for the first one", () => {
    expect(foundBy(version).unknownStation).toEqual([0]);
    expect(foundBy(version).fallback).toBe(scene.ids[0]);
  });

  test("has exactly the attributes that the service uses", () => {
    expect(foundBy(version).state).toEqual({
      known_stations: "set",
      fallback_station: "str",
      features_cols: "list",
      target_col: "str",
      station_encoder: "LabelEncoder",
      scaler: "StandardScaler",
    });
    const scaled = ["latitude", "longitude", "avg_temp", "precipitation_mm", "vent_max", "lag_1", "lag_7"];
    expect(foundBy(version)).toMatchObject({
      known: scene.ids,
      classes: scene.ids,
      features: featureNames,
      target: "intensity",
      scaler: [false, false, 7, scaled],
    });
  });
});

/** Of these predictions, those with our bits: 8 hex digits each. */
function identicalTo(theirs: string): number {
  const bitsOf = (all: string): string[] => all.match(/.{8}/gu) ?? [];
  const ours = bitsOf(hex(scene.predictions));
  return bitsOf(theirs).filter((bits, row) => bits === ours[row]).length;
}
