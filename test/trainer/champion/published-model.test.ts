import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";

import { openPublishedModel } from "../../../trainer/champion/published-model.ts";
import { openModelDirectory, type ModelDirectory } from "../../../trainer/publish/directory.ts";
import { makeDirectory } from "../../../trainer/publish/durable.ts";
import { report } from "../../support/builders.ts";
import { cityHistory } from "../evaluate/small-city.ts";
import { publishedModel } from "./published-city.ts";

const root = await mkdtemp(join(tmpdir(), "published-model-"));
afterAll(() => rm(root, { recursive: true }));

const model = Buffer.from("a model");
const published = publishedModel(cityHistory({ stations: 2, days: 20 }), model);
const { version, preprocessor } = published;
let directory: ModelDirectory;
const pathOf = (name: string): string => join(directory.versions, version, name);
const write = (name: string, document: unknown): Promise<void> =>
  writeFile(pathOf(name), JSON.stringify(document));

beforeEach(async () => {
  directory = await openModelDirectory(await mkdtemp(join(root, "models-")), "bike-traffic");
  await makeDirectory(join(directory.versions, version));
  await writeFile(pathOf("model.ubj"), model);
  await write("preprocessor.json", preprocessor);
  await write("report.json", report({ version }));
});

/** One VolumeError that names the file and says what is wrong with it. */
const unusable = (name: string, problem: RegExp) => ({
  reason: "VolumeError",
  message: expect.stringMatching(new RegExp(`^Cannot use /.*/${version}/${name}: .*${problem.source}`, "u")),
});

describe("openPublishedModel()", () => {
  test("reads model, preprocessor and report", async () => {
    const found = await openPublishedModel(directory, version);
    expect(found).toEqual({ version, model, preprocessor, report: report({ version }) });
    expect(found.preprocessor.stations.map(({ id }) => id)).toEqual(["station-a", "station-b"]);
  });

  test.each(["model.ubj", "preprocessor.json", "report.json"])(
    "names %s when it is missing",
    async (name) => {
      await rm(pathOf(name));
      await expect(openPublishedModel(directory, version)).rejects.toMatchObject(
        unusable(name, /it does not exist$/u),
      );
    },
  );

  test.each(["preprocessor.json", "report.json"])("names %s when it is cut short", async (name) => {
    const bytes = await readFile(pathOf(name));
    await writeFile(pathOf(name), bytes.subarray(0, bytes.length - 9));
    await expect(openPublishedModel(directory, version)).rejects.toMatchObject(
      unusable(name, /bytes are no complete JSON document$/u),
    );
  });

  test("names a report without its fields", async () => {
    await write("report.json", { schemaVersion: 1 });
    await expect(openPublishedModel(directory, version)).rejects.toMatchObject(
      unusable("report.json", /runUid: /u),
    );
  });
});

describe("openPublishedModel() of a preprocessor that does not fit", () => {
  test.each([
    {
      says: "the model is another one",
      change: { modelSha256: "0".repeat(64) },
      why: /SHA-256 0000.*, found [0-9a-f]{64}$/u,
    },
    {
      says: "the feature contract is another one",
      change: { featureContractVersion: 2 },
      why: /feature contract is version 2, this trainer has version 1$/u,
    },
    {
      says: "features stand in another order",
      change: { features: preprocessor.features.toReversed() },
      why: /its features are lag_7, lag_1, .*, this trainer makes station_id, latitude, /u,
    },
    {
      says: "a feature is missing",
      change: { features: preprocessor.features.slice(0, 21) },
      why: /its features are station_id, /u,
    },
    {
      says: "it belongs to another version",
      change: { version: "20260401T010000Z-run9" },
      why: /it belongs to version 20260401T010000Z-run9 of bike-traffic$/u,
    },
    { says: "it belongs to another model", change: { model: "cars" }, why: /of cars$/u },
    { says: "a station has no id", change: { stations: [{ name: "x" }] }, why: /stations\.0\.id: /u },
  ])("refuses it when $says", async ({ change, why }) => {
    await write("preprocessor.json", { ...preprocessor, ...change });
    await expect(openPublishedModel(directory, version)).rejects.toMatchObject(
      unusable("preprocessor.json", why),
    );
  });
});
