import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";

import type { DataReport } from "../../../contract/trainer-report.ts";
import { openModelDirectory } from "../../../trainer/publish/directory.ts";
import { repair } from "../../../trainer/publish/repair.ts";
import { rolledBackFingerprints } from "../../../trainer/publish/rolled-back.ts";
import { report, waterfall } from "../../support/builders.ts";
import { historyEntry, modelsVolume, publishOver, quiet, stageVersion, wholeRestore } from "./scene.ts";

const table = { granularity: "daily", multipleTimesShare: 0 } as const;
const data = (fingerprint: string): DataReport => ({
  asOf: "2026-12-01T01:00:00.000Z",
  timeZone: "Europe/Paris",
  until: "2026-12-01",
  rows: 1,
  stations: 1,
  readings: { bikeCount: 1, weather: 1, countersInfo: 1 },
  lagOnlyReadings: 0,
  summed: 0,
  tables: { bikeCount: table, weather: table },
  excluded: [],
  waterfall: waterfall(),
  fingerprint,
});

/** Publishes a version whose report says that it was trained on the data of its run's name. */
async function publishTrained(models: string, name: string): Promise<string> {
  const directory = await openModelDirectory(models, "bikes");
  const standing = await repair(directory, quiet);
  await using staging = await stageVersion(directory, { runUid: name });
  const lineage = { node: "v24.0.0", recipeFingerprint: "recipe" };
  await staging.write("report.json", JSON.stringify(report({ data: data(name), lineage })));
  return (await publishOver(standing, staging)).version;
}

const rolledBack = async (models: string) =>
  rolledBackFingerprints(await openModelDirectory(models, "bikes"));

describe("rolledBackFingerprints()", () => {
  test("names the version that a restore turned away from, by its data and recipe", async () => {
    await using volume = await modelsVolume();
    const first = await publishTrained(volume.path, "first");
    const second = await publishTrained(volume.path, "second");
    expect(await rolledBack(volume.path)).toEqual([]);
    await wholeRestore(volume.path, first);
    const fingerprints = { data: "second", recipe: "recipe" };
    expect(await rolledBack(volume.path)).toEqual([{ version: second, ...fingerprints }]);
    expect((await historyEntry(volume.path, 3)).rolledBack).toEqual(fingerprints);
  });

  test("forgets it when a later restore made it current again, and only then", async () => {
    await using volume = await modelsVolume();
    const first = await publishTrained(volume.path, "first");
    const second = await publishTrained(volume.path, "second");
    await wholeRestore(volume.path, second);
    await wholeRestore(volume.path, first);
    expect((await rolledBack(volume.path)).map(({ version }) => version)).toEqual([second]);
    await wholeRestore(volume.path, second);
    expect((await rolledBack(volume.path)).map(({ version }) => version)).toEqual([first]);
  });

  test("does not count a restore that was ended before its commit", async () => {
    await using volume = await modelsVolume();
    const first = await publishTrained(volume.path, "first");
    await publishTrained(volume.path, "second");
    await wholeRestore(volume.path, first);
    const path = join(volume.path, "bikes/history/000003.json");
    await writeFile(path, JSON.stringify({ ...(await historyEntry(volume.path, 3)), state: "abandoned" }));
    expect(await rolledBack(volume.path)).toEqual([]);
  });

  test("leaves out a damaged version: training it again would help", async () => {
    await using volume = await modelsVolume();
    const first = await publishTrained(volume.path, "first");
    const second = await publishTrained(volume.path, "second");
    await writeFile(join(volume.path, "bikes/versions", second, "model.ubj"), "damaged");
    await wholeRestore(volume.path, first);
    expect(await rolledBack(volume.path)).toEqual([]);
  });

  test("leaves out a version whose report cannot tell, and says so", async () => {
    await using volume = await modelsVolume();
    const first = await publishTrained(volume.path, "first");
    const directory = await openModelDirectory(volume.path, "bikes");
    const standing = await repair(directory, quiet);
    {
      await using staging = await stageVersion(directory, { runUid: "old" });
      await publishOver(standing, staging);
    }
    const said: string[] = [];
    await wholeRestore(volume.path, first, { say: (sentence) => void said.push(sentence) });
    expect(await rolledBack(volume.path)).toEqual([]);
    expect(said).toEqual([expect.stringMatching(/Z-old again will not be refused.*does not exist/)]);
  });
});
