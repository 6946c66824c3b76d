import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, expect, test } from "@jest/globals";

import { openModelDirectory, type ModelDirectory } from "../../../trainer/publish/directory.ts";
import { findRunReport, keepRunReport } from "../../../trainer/publish/run-reports.ts";
import { report } from "../../support/builders.ts";
import { december } from "../models/scene.ts";
import { modelsVolume } from "./scene.ts";

const json = (runUid: string, message = "as it was"): string => JSON.stringify(report({ runUid, message }));

/** Keeps the report of one run. */
const keepReport = (directory: ModelDirectory, runUid: string, day = 1, keep = 24): Promise<string> =>
  keepRunReport(directory, {
    runUid,
    startedAt: december(day),
    files: new Map([["report.json", json(runUid)]]),
    keep,
  });

describe("keepRunReport()", () => {
  test("writes all files of a run into a directory with its moment and uid", async () => {
    await using volume = await modelsVolume();
    const directory = await openModelDirectory(volume.path, "bikes");
    const files = new Map<string, string | Uint8Array>([
      ["report.json", json("uid-1")],
      ["model.ubj", new Uint8Array([1, 2, 255])],
    ]);
    const path = await keepRunReport(directory, { runUid: "uid-1", startedAt: december(1), files });
    expect(path).toBe(join(directory.runs, "20251201T010000Z-uid-1"));
    expect((await readdir(path)).sort()).toEqual(["model.ubj", "report.json"]);
    expect([...(await readFile(join(path, "model.ubj")))]).toEqual([1, 2, 255]);
    expect(await readdir(directory.staging)).toEqual([]);
  });

  test("replaces nothing at another attempt of the run", async () => {
    await using volume = await modelsVolume();
    const directory = await openModelDirectory(volume.path, "bikes");
    const paths = [
      await keepReport(directory, "a"),
      await keepReport(directory, "a"),
      await keepReport(directory, "a"),
    ];
    expect(paths.map((path) => basename(path))).toEqual([
      "20251201T010000Z-a",
      "20251201T010000Z-a-2",
      "20251201T010000Z-a-3",
    ]);
  });

  test("removes the oldest beyond those to keep, and nothing that is not a run's", async () => {
    await using volume = await modelsVolume();
    const directory = await openModelDirectory(volume.path, "bikes");
    await mkdir(join(directory.runs, "2020-notes"));
    await writeFile(join(directory.runs, "20200101T000000Z"), "not ours");
    for (const day of [2, 1, 4, 3]) await keepReport(directory, `day-${String(day)}`, day, 3);
    expect((await readdir(directory.runs)).sort()).toEqual([
      "2020-notes",
      "20200101T000000Z",
      "20251202T010000Z-day-2",
      "20251203T010000Z-day-3",
      "20251204T010000Z-day-4",
    ]);
  });
});

describe("keepRunReport() on a bad day", () => {
  test("keeps the newest report though the clock was set back", async () => {
    await using volume = await modelsVolume();
    const directory = await openModelDirectory(volume.path, "bikes");
    for (const day of [20, 21, 5]) await keepReport(directory, `day-${String(day)}`, day, 2);
    expect((await readdir(directory.runs)).sort()).toEqual([
      "20251205T010000Z-day-5",
      "20251221T010000Z-day-21",
    ]);
  });

  test("leaves nothing behind when a file cannot be written", async () => {
    await using volume = await modelsVolume();
    const directory = await openModelDirectory(volume.path, "bikes");
    const files = new Map([
      ["report.json", "{}"],
      ["../report.html", "<p>"],
    ]);
    const kept = keepRunReport(directory, { runUid: "a", startedAt: december(1), files });
    await expect(kept).rejects.toMatchObject({ reason: "Bug" });
    expect(await readdir(directory.runs)).toEqual([]);
    expect(await readdir(directory.staging)).toEqual([]);
  });

  test("makes the directory on a volume that had none, and a uid a plain name", async () => {
    await using volume = await modelsVolume();
    const directory = await openModelDirectory(volume.path, "bikes");
    await chmod(directory.path, 0o755);
    const path = await keepReport({ ...directory, runs: join(directory.path, "new") }, "../../etc");
    expect(path).toBe(join(directory.path, "new", "20251201T010000Z-______etc"));
  });
});

describe("findRunReport()", () => {
  test("finds the newest attempt of that run alone", async () => {
    await using volume = await modelsVolume();
    const directory = await openModelDirectory(volume.path, "bikes");
    const say = (runUid: string, day: number, message: string) =>
      keepRunReport(directory, {
        runUid,
        startedAt: december(day),
        files: new Map([["report.json", json(runUid, message)]]),
      });
    await say("run-1", 1, "first attempt");
    await say("run-1", 2, "second attempt");
    await say("run-1-2", 3, "another run");
    expect(await findRunReport(directory, "run-1")).toMatchObject({ message: "second attempt" });
    expect(await findRunReport(directory, "run-1-2")).toMatchObject({ message: "another run" });
    expect(await findRunReport(directory, "run")).toBeUndefined();
  });

  test("passes over a report that cannot be read", async () => {
    await using volume = await modelsVolume();
    const directory = await openModelDirectory(volume.path, "bikes");
    await keepReport(directory, "a", 1);
    await writeFile(join(await keepReport(directory, "a", 2), "report.json"), "{");
    expect(await findRunReport(directory, "a")).toMatchObject({ runUid: "a", message: "as it was" });
    expect(await findRunReport({ ...directory, runs: join(directory.path, "none") }, "a")).toBeUndefined();
  });
});
