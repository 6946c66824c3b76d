import { mkdir, readdir, rm, truncate, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";

import { openModelDirectory } from "../../../trainer/publish/directory.ts";
import { pinVersion } from "../../../trainer/publish/pins.ts";
import {
  existingModelDirectory,
  listVersions,
  modelNames,
  readVersionReport,
} from "../../../trainer/publish/versions.ts";
import { december, publishDaily, publishVersion } from "../models/scene.ts";
import { modelsVolume } from "./scene.ts";

const listed = async (models: string) => await listVersions(await existingModelDirectory(models, "bikes"));

/** Adds a line to the history, as a restore does that makes `to` current again. */
async function addHistory(
  models: string,
  entry: { generation: number; to: string; kind: string },
): Promise<void> {
  const whole = { state: "committed", from: null, runUid: "r", by: "ann", why: "it was better", ...entry };
  const path = join(models, "bikes/history", `${String(entry.generation).padStart(6, "0")}.json`);
  await writeFile(path, JSON.stringify({ ...whole, at: december(20).toISOString() }));
}

describe("listVersions()", () => {
  test("tells of a version what manifest, history, CURRENT.json, pin and report say", async () => {
    await using volume = await modelsVolume();
    const [first = "", second = ""] = await publishDaily(volume.path, 2);
    const pin = { by: "ann", why: "the last before the bridge", at: december(3).toISOString() };
    await pinVersion(await openModelDirectory(volume.path, "bikes"), first, pin);
    const [newer, older] = await listed(volume.path);
    expect(newer).toMatchObject({
      version: second,
      generations: [2],
      publishedAt: december(2).toISOString(),
      createdAt: december(2).toISOString(),
      last: { by: "test", why: "a test", kind: "Publish" },
      isCurrent: true,
      isPrevious: false,
      pinned: undefined,
      report: { version: second, runUid: "run-2" },
      problem: undefined,
    });
    expect(older).toMatchObject({ version: first, isCurrent: false, isPrevious: true, pinned: pin });
    const files = await readdir(join(volume.path, "bikes/versions", first));
    expect(files.sort()).toEqual(["MANIFEST.json", "model.ubj", "preprocessor.json", "report.json"]);
    expect(older?.sizeBytes).toBeGreaterThan(1000);
  });

  test("orders by the last time a version became current, not by names", async () => {
    await using volume = await modelsVolume();
    const latest = await publishVersion(volume.path, { runUid: "later", now: december(9) });
    const early = await publishVersion(volume.path, { runUid: "early", now: december(2) });
    expect((await listed(volume.path)).map(({ version }) => version)).toEqual([
      early.version,
      latest.version,
    ]);
    await addHistory(volume.path, { generation: 3, to: latest.version, kind: "Restore" });
    const [restored, other] = await listed(volume.path);
    expect(restored).toMatchObject({
      version: latest.version,
      generations: [1, 3],
      publishedAt: december(9).toISOString(),
      last: { kind: "Restore", by: "ann", why: "it was better" },
    });
    expect(other).toMatchObject({ version: early.version, generations: [2] });
  });
});

describe("listVersions() and the history", () => {
  test("does not take the release of a hold, nor a claim without a commit, for becoming current", async () => {
    await using volume = await modelsVolume();
    const [first = "", second = ""] = await publishDaily(volume.path, 2);
    await addHistory(volume.path, { generation: 3, to: first, kind: "Release" });
    const claim = { generation: 4, state: "intended", to: first, from: null, runUid: "r", by: "b", why: "w" };
    await writeFile(
      join(volume.path, "bikes/history/000004.json"),
      JSON.stringify({ ...claim, at: december(20).toISOString() }),
    );
    expect(await listed(volume.path)).toMatchObject([
      { version: second, generations: [2] },
      { version: first, generations: [1] },
    ]);
  });

  test("counts the claim of the current generation although its run was killed before it could say so", async () => {
    await using volume = await modelsVolume();
    const { version } = await publishVersion(volume.path);
    const path = join(volume.path, "bikes/history/000001.json");
    const entry = {
      generation: 1,
      state: "intended",
      from: null,
      to: version,
      runUid: "r",
      by: "b",
      why: "w",
    };
    await writeFile(path, JSON.stringify({ ...entry, at: december(1).toISOString() }));
    expect(await listed(volume.path)).toMatchObject([{ version, generations: [1] }]);
  });

  test("puts a version last that no history names, and leaves out what is no version", async () => {
    await using volume = await modelsVolume();
    await publishDaily(volume.path, 1);
    await mkdir(join(volume.path, "bikes/versions/20990101T000000Z-hand"));
    await mkdir(join(volume.path, "bikes/versions/.snapshot"));
    const versions = await listed(volume.path);
    expect(versions.map(({ generations }) => generations)).toEqual([[1], []]);
    expect(versions[1]).toMatchObject({
      publishedAt: undefined,
      problem: "MANIFEST.json: it does not exist; report.json: it does not exist",
      sizeBytes: 0,
    });
  });
});

describe("what cannot be read", () => {
  const version = "20251201T010000Z-0f0e0d0c";
  test.each([
    { file: "MANIFEST.json", problem: /^MANIFEST\.json: its 20 bytes are no complete JSON document$/ },
    { file: "report.json", problem: /^report\.json: its 20 bytes are no complete JSON document$/ },
  ])("$file is a problem of its version, which is listed all the same", async ({ file, problem }) => {
    await using volume = await modelsVolume();
    await publishVersion(volume.path);
    await truncate(join(volume.path, "bikes/versions", version, file), 20);
    const [found] = await listed(volume.path);
    expect(found).toMatchObject({ version, isCurrent: true });
    expect(found?.problem).toMatch(problem);
  });

  test("without a readable CURRENT.json no version is current", async () => {
    await using volume = await modelsVolume();
    await publishDaily(volume.path, 2);
    await truncate(join(volume.path, "bikes/CURRENT.json"), 10);
    expect((await listed(volume.path)).map(({ isCurrent }) => isCurrent)).toEqual([false, false]);
  });

  test("a version of a trainer that kept no report has none", async () => {
    await using volume = await modelsVolume();
    const { version } = await publishVersion(volume.path, { report: null });
    const directory = await existingModelDirectory(volume.path, "bikes");
    expect(await readVersionReport(directory, version)).toEqual({ ok: false, problem: "it does not exist" });
  });
});

describe("existingModelDirectory()", () => {
  test("is the directory that a run opens", async () => {
    await using volume = await modelsVolume();
    const opened = await openModelDirectory(volume.path, "bikes");
    expect(await existingModelDirectory(volume.path, "bikes")).toEqual(opened);
  });

  test("names the models there are when there is none of that name, and creates nothing", async () => {
    await using volume = await modelsVolume();
    for (const model of ["trams", "bikes"]) await publishVersion(volume.path, { model });
    await mkdir(join(volume.path, "lost+found"));
    await mkdir(join(volume.path, "empty"));
    expect(await modelNames(volume.path)).toEqual(["bikes", "trams"]);
    await expect(existingModelDirectory(volume.path, "bikse")).rejects.toThrow(
      `Cannot find the model "bikse" in ${volume.path}: found bikes, trams.`,
    );
    await expect(existingModelDirectory(volume.path, "../bikes")).rejects.toMatchObject({
      reason: "BadConfiguration",
    });
    expect((await readdir(volume.path)).sort()).toEqual(["bikes", "empty", "lost+found", "trams"]);
  });

  test("says so when the volume itself is not there", async () => {
    await using volume = await modelsVolume();
    await rm(volume.path, { recursive: true });
    await expect(existingModelDirectory(volume.path, "bikes")).rejects.toThrow(
      `Cannot look for models in ${volume.path}: there is no such directory.`,
    );
  });

  test("looks at a volume of a trainer that knew no pins and runs", async () => {
    await using volume = await modelsVolume();
    await publishDaily(volume.path, 1);
    for (const name of ["pins", "runs", ".lock", ".staging"])
      await rm(join(volume.path, "bikes", name), { recursive: true, force: true });
    await unlink(join(volume.path, "bikes/xgboost_v1.ubj"));
    expect(await listed(volume.path)).toHaveLength(1);
    expect(await readdir(join(volume.path, "bikes"))).not.toContain("pins");
  });
});
