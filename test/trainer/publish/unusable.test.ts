import { readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";

import { readCurrent } from "../../../trainer/publish/current.ts";
import { openModelDirectory } from "../../../trainer/publish/directory.ts";
import { repair } from "../../../trainer/publish/repair.ts";
import {
  expectTidy,
  historyEntry,
  modelsVolume,
  quiet,
  twoVersions,
  wholeRestore,
  wholeRun,
} from "./scene.ts";

describe("over an unusable champion", () => {
  const current = "CURRENT.json";
  test.each([
    { damage: "a cut CURRENT.json", file: current, known: false },
    { damage: "a damaged model", file: "current/model.ubj", known: true },
  ])("a restore makes the model sound again: $damage", async ({ file, known }) => {
    await using volume = await modelsVolume();
    const { first, second } = await twoVersions(volume.path);
    await truncate(join(volume.path, "bikes", file), 20);
    const restored = await wholeRestore(volume.path, first.version);
    expect(restored.from).toBe(known ? second.version : null);
    expect(await expectTidy(volume.path)).toMatchObject({ generation: 3, previous: restored.from });
  });

  test.each([
    { damage: "a cut CURRENT.json", file: current, known: false },
    { damage: "a damaged model", file: "current/model.ubj", known: true },
  ])("a publication makes it sound again: $damage", async ({ file, known }) => {
    await using volume = await modelsVolume();
    const { second } = await twoVersions(volume.path);
    await truncate(join(volume.path, "bikes", file), 20);
    const third = await wholeRun(volume.path, { runUid: "third" });
    const previous = known ? second.version : null;
    expect(await expectTidy(volume.path)).toMatchObject({ version: third.version, generation: 3, previous });
  });

  test("the next generation follows the highest ever claimed, although none can be told from CURRENT.json", async () => {
    await using volume = await modelsVolume();
    await twoVersions(volume.path);
    await truncate(join(volume.path, "bikes", current), 20);
    const entry = await historyEntry(volume.path, 2);
    const abandoned = JSON.stringify({ ...entry, generation: 7, state: "abandoned" });
    await writeFile(join(volume.path, "bikes/history/000007.json"), abandoned);
    expect((await wholeRun(volume.path, { runUid: "third" })).generation).toBe(8);
    await expectTidy(volume.path);
  });

  test("a claim that may have been committed waits until CURRENT.json can be read again", async () => {
    await using volume = await modelsVolume();
    await twoVersions(volume.path);
    await truncate(join(volume.path, "bikes", current), 20);
    const path = join(volume.path, "bikes/history/000002.json");
    await writeFile(path, (await readFile(path, "utf8")).replace("committed", "intended"));
    const directory = await openModelDirectory(volume.path, "bikes");
    await repair(directory, quiet);
    expect((await historyEntry(volume.path, 2)).state).toBe("intended");
    await wholeRun(volume.path, { runUid: "third" });
    await repair(directory, quiet);
    expect((await historyEntry(volume.path, 2)).state).toBe("abandoned");
    expect((await readCurrent(directory))?.runUid).toBe("third");
  });
});
