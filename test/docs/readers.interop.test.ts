import { appendFile } from "node:fs/promises";
import path from "node:path";

import { beforeAll, describe, expect, test } from "@jest/globals";

import { ensureInterop, type InteropPython } from "../../hack/interop.ts";
import { ensureLibrary } from "../../hack/setup.ts";
import { served } from "../../trainer/evaluate/metrics.ts";
import { modelsVolume, wholeRestore } from "../trainer/publish/scene.ts";
import { trainCity, type City } from "./city.ts";
import { publishCity, type Publishing } from "./published-city.ts";
import { pythonReader, startReader, typescriptReader, type Answer, type Program } from "./reader-process.ts";

let library: string;
let pythons: readonly InteropPython[];
let city: City;
beforeAll(async () => {
  library = (await ensureLibrary(() => undefined)).path;
  pythons = await ensureInterop(() => undefined);
  city = await trainCity();
}, 1_800_000);

/** Until a cold Python has loaded xgboost. */
const patience = 120_000;

const pythonWith = (version: string): Program => {
  const python = pythons.find(({ xgboost }) => xgboost === version);
  if (python === undefined) throw new Error(`There is no Python with xgboost ${version}`);
  return pythonReader(python);
};

describe.each([
  ["TypeScript", () => typescriptReader(library)],
  ["Python with xgboost 3.1.3", () => pythonWith("3.1.3")],
  ["Python with xgboost 3.4.1", () => pythonWith("3.4.1")],
])("the reader in %s", (_name, program) => {
  test(
    "predicts what the trainer predicts",
    async () => {
      await using volume = await modelsVolume();
      const version = await publishCity(first(volume.path));
      await using reader = startReader(program(), path.join(volume.path, "bikes"));
      const predictions = city.models[0].predictions;
      expect(await reader.ask(city.observations)).toEqual(predictions.map(asAnswerOf(version)));
    },
    patience,
  );

  test(
    "always has a model together with its own stations, however often the version changes",
    async () => {
      await using volume = await modelsVolume();
      const versions = [await publishCity(first(volume.path)), await publishCity(second(volume.path))];
      await using reader = startReader(program(), path.join(volume.path, "bikes"));
      const expected = new Map(versions.map((version, i) => [version, expectedOf(i, version)]));
      for (const version of [...versions, ...versions]) {
        const [answers] = await Promise.all([
          reader.ask(city.observations),
          wholeRestore(volume.path, version, { runUid: "swap" }),
        ]);
        expect(answers).toEqual(answers.map((answer, i) => expected.get(answer.version)?.[i]));
        expect(await reader.ask(city.observations)).toEqual(expected.get(version));
      }
    },
    patience,
  );

  test(
    "keeps what it has until there is a version that it can use",
    async () => {
      await using volume = await modelsVolume();
      const bikes = path.join(volume.path, "bikes");
      const good = await publishCity(first(volume.path));
      await using reader = startReader(program(), bikes);
      const newest = async (): Promise<string | undefined> =>
        (await reader.ask(city.observations.slice(0, 1)))[0]?.version;
      expect(await newest()).toBe(good);

      const damaged = await publishCity(second(volume.path));
      await appendFile(path.join(bikes, "versions", damaged, "model.ubj"), "?");
      expect(await newest()).toBe(good);
      expect(reader.said()).toMatch(/still serving .*model\.ubj has SHA-256 [0-9a-f]+, expected/u);

      await publishCity({ ...second(volume.path), runUid: "newer", contract: 2 });
      expect(await newest()).toBe(good);
      expect(reader.said()).toMatch(/feature contract 2, known is 1/u);

      const next = await publishCity({ ...second(volume.path), runUid: "next" });
      expect(await newest()).toBe(next);
    },
    patience,
  );
});

test(
  "Python with an older xgboost, which would misread base_score, refuses to serve",
  async () => {
    await using volume = await modelsVolume();
    await publishCity(first(volume.path));
    await using reader = startReader(pythonWith("2.1.4"), path.join(volume.path, "bikes"));
    await expect(reader.ask(city.observations)).rejects.toThrow(/expected xgboost 3\.1 or newer/u);
  },
  patience,
);

const first = (models: string): Publishing => ({
  models,
  runUid: "first",
  model: city.models[0].model,
  stations: city.stations,
});

/** Does not know the last station. */
const second = (models: string): Publishing => ({
  models,
  runUid: "second",
  model: city.models[1].model,
  stations: city.stations.slice(0, -1),
});

const asAnswerOf =
  (version: string) =>
  (prediction: number): Answer => ({ version, prediction });

function expectedOf(which: number, version: string): readonly Answer[] {
  const [all, withoutLast] = city.models;
  if (which === 0) return all.predictions.map(asAnswerOf(version));
  const unknown = city.stations.at(-1)?.id;
  return withoutLast.predictions
    .map((prediction, i) => (city.observations[i]?.station === unknown ? meanOfLags(i) : prediction))
    .map(asAnswerOf(version));
}

/** What is served for a station without a number. */
function meanOfLags(i: number): number {
  const { lag_1, lag_7 } = city.observations[i] ?? {};
  return served(((lag_1 ?? Number.NaN) + (lag_7 ?? Number.NaN)) / 2);
}
