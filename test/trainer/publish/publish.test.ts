import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";

import { HistoryEntry, Manifest } from "../../../contract/published.ts";
import { readCurrent } from "../../../trainer/publish/current.ts";
import { openModelDirectory } from "../../../trainer/publish/directory.ts";
import { RunFailure } from "../../../trainer/errors.ts";
import { readHistory } from "../../../trainer/publish/history.ts";
import { publish } from "../../../trainer/publish/publish.ts";
import { repair } from "../../../trainer/publish/repair.ts";
import { PublishStep } from "../../../trainer/publish/steps.ts";
import {
  currentText,
  expectTidy,
  expectUntouched,
  modelsVolume,
  noon,
  publishInChild,
  quiet,
  stageVersion,
  wholeRun,
} from "./scene.ts";

const json = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, "utf8"));
const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

describe("publish()", () => {
  test("reports every step once and in the order of the table", async () => {
    await using volume = await modelsVolume();
    const heard: string[] = [];
    await wholeRun(volume.path, { onStep: (step) => void heard.push(step), files: ["model.ubj"] });
    expect(heard).toEqual(Object.values(PublishStep));
  });

  test("writes size and SHA-256 of every file into the manifest, and the manifest's into CURRENT.json", async () => {
    await using volume = await modelsVolume();
    const files = ["model.ubj", "compat/xgboost_v1.pkl"];
    const { path, version, manifestSha256 } = await wholeRun(volume.path, { runUid: "uid-1", files });
    const manifest = Manifest.parse(await json(join(path, "MANIFEST.json")));
    expect(manifest).toMatchObject({ model: "bikes", version, runUid: "uid-1" });
    expect(Object.keys(manifest.files).sort()).toEqual([...files].sort());
    for (const [name, expected] of Object.entries(manifest.files)) {
      const bytes = await readFile(join(path, name));
      expect({ size: bytes.length, sha256: sha256(bytes) }).toEqual(expected);
    }
    expect(manifestSha256).toBe(sha256(await readFile(join(path, "MANIFEST.json"))));
    const current = await readCurrent(await openModelDirectory(volume.path, "bikes"));
    expect(current).toMatchObject({
      version,
      manifestSha256,
      previous: null,
      generation: 1,
      runUid: "uid-1",
    });
  });

  test("says in the history who published what, when, instead of which, and why", async () => {
    await using volume = await modelsVolume();
    const first = await wholeRun(volume.path, { runUid: "first" });
    const second = await wholeRun(volume.path, { runUid: "second" });
    const entry = HistoryEntry.parse(await json(join(volume.path, "bikes/history/000002.json")));
    expect(entry).toEqual({
      generation: 2,
      state: "committed",
      kind: "Publish",
      from: first.version,
      to: second.version,
      runUid: "second",
      by: "test",
      why: "a test",
      at: noon.toISOString(),
    });
  });
});

describe("the writers' lock", () => {
  test.each([
    { lost: PublishStep.StagingVerified, claims: [1] },
    { lost: PublishStep.GenerationClaimed, claims: [1, 2] },
  ])("is asked before the claim and before the commit: lost after $lost", async ({ lost, claims }) => {
    await using volume = await modelsVolume();
    await wholeRun(volume.path, { runUid: "first" });
    const before = currentText(volume.path);
    const directory = await openModelDirectory(volume.path, "bikes");
    const standing = await repair(directory, quiet);
    let held = true;
    const assertHeld = () =>
      held ? Promise.resolve() : Promise.reject(new RunFailure("ModelLocked", "lost"));
    {
      const onStep = (step: PublishStep) => void (held &&= step !== lost);
      await using staging = await stageVersion(directory, { runUid: "second", onStep });
      const change = { standing, lock: { assertHeld }, by: "test", why: "a test", clock: () => noon };
      await expect(publish(staging, change)).rejects.toThrow("lost");
    }
    await expectUntouched(volume.path, before);
    expect((await readHistory(directory)).map(({ generation }) => generation)).toEqual(claims);
  });
});

describe("a published version", () => {
  test("makes links for the fixed names that the version has, and removes those that it lacks", async () => {
    await using volume = await modelsVolume();
    const native = ["model.ubj", "preprocessor.json"];
    const pickles = ["compat/xgboost_v1.pkl", "compat/preprocessor_v1.pkl"];
    const names = ["preprocessor_v1.json", "preprocessor_v1.pkl", "xgboost_v1.pkl", "xgboost_v1.ubj"];
    const linked = async () =>
      (await readdir(join(volume.path, "bikes"))).filter((name) => names.includes(name)).sort();

    await wholeRun(volume.path, { runUid: "first", files: [...native, ...pickles] });
    expect(await linked()).toEqual(names);
    await expectTidy(volume.path);
    await wholeRun(volume.path, { runUid: "second", files: native });
    expect(await linked()).toEqual(["preprocessor_v1.json", "xgboost_v1.ubj"]);
    await expectTidy(volume.path);
  });

  test("orders versions by generation when the clock goes backwards, and by suffix when it stands", async () => {
    await using volume = await modelsVolume();
    const moments = [noon, new Date("1999-01-01T00:00:00Z"), noon, noon];
    const versions: string[] = [];
    for (const now of moments) versions.push((await wholeRun(volume.path, { runUid: "same", now })).version);
    expect(versions).toEqual([
      "20261201T120000Z-same",
      "19990101T000000Z-same",
      "20261201T120000Z-same-2",
      "20261201T120000Z-same-3",
    ]);
    expect(await expectTidy(volume.path)).toMatchObject({ generation: 4, version: versions[3] });
  });

  test("gives directories 0755 and files 0644 under umask 077", async () => {
    await using volume = await modelsVolume();
    await publishInChild(volume.path, ["--run", "first", "--umask", "077"]);
    await expectTidy(volume.path);
    const found = await readdir(join(volume.path, "bikes"), { recursive: true, withFileTypes: true });
    const modes = await Promise.all(
      found
        .filter((entry) => !entry.isSymbolicLink())
        .map(async (entry) => {
          const { mode } = await stat(join(entry.parentPath, entry.name));
          return { name: entry.name, mode: (mode & 0o777).toString(8) };
        }),
    );
    const expected = found.filter((entry) => !entry.isSymbolicLink());
    expect(modes).toEqual(
      expected.map((entry) => ({ name: entry.name, mode: entry.isDirectory() ? "755" : "644" })),
    );
  });
});

describe("a staging that was not published", () => {
  test("is gone at the end of its block, and the champion is as it was", async () => {
    await using volume = await modelsVolume();
    await wholeRun(volume.path, { runUid: "first" });
    const before = await expectTidy(volume.path);
    {
      await using staging = await stageVersion(await openModelDirectory(volume.path, "bikes"));
      expect(await readdir(staging.versionPath)).toEqual(["model.ubj", "preprocessor.json"]);
    }
    expect(await expectTidy(volume.path)).toEqual(before);
  });

  test.each(["../model.ubj", "/model.ubj", "a//b", ".hidden", "MANIFEST.json", "model.ubj"])(
    "refuses to write %j, which is no new plain path",
    async (name) => {
      await using volume = await modelsVolume();
      await using staging = await stageVersion(await openModelDirectory(volume.path, "bikes"));
      await expect(staging.write(name, "")).rejects.toMatchObject({ reason: "Bug" });
    },
  );
});
