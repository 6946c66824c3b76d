import { readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";

import { openModelDirectory } from "../../../trainer/publish/directory.ts";
import { repair } from "../../../trainer/publish/repair.ts";
import { releaseHold } from "../../../trainer/publish/restore.ts";
import {
  currentText,
  expectTidy,
  expectUntouched,
  historyEntry,
  modelsVolume,
  noon,
  quiet,
  twoVersions,
  unlocked,
  wholeRestore,
  wholeRun,
} from "./scene.ts";

async function release(models: string, runUid = "releaser") {
  const directory = await openModelDirectory(models, "bikes");
  const standing = await repair(directory, quiet);
  const change = { standing, lock: unlocked, by: "ann", why: "found the cause", clock: () => noon };
  return await releaseHold({ ...change, directory, runUid, say: quiet });
}

describe("restoreVersion()", () => {
  test("makes an older version current by a generation of its own, and readers see it", async () => {
    await using volume = await modelsVolume();
    const { first, second } = await twoVersions(volume.path);
    const restored = await wholeRestore(volume.path, first.version, { hold: {} });
    const hold = { by: "test", why: "a test", since: noon.toISOString() };
    expect(restored).toEqual({
      version: first.version,
      from: second.version,
      generation: 3,
      manifestSha256: first.manifestSha256,
      hold,
      unfinished: undefined,
    });
    expect(await expectTidy(volume.path)).toEqual({
      version: first.version,
      manifestSha256: first.manifestSha256,
      previous: second.version,
      generation: 3,
      runUid: "restorer",
      publishedAt: noon.toISOString(),
      hold,
    });
    const entry = { kind: "Restore", from: second.version, to: first.version, runUid: "restorer" };
    expect(await historyEntry(volume.path, 3)).toMatchObject({ ...entry, by: "test", state: "committed" });
  });

  test("holds until a moment, or not at all, as asked", async () => {
    await using volume = await modelsVolume();
    const { first, second } = await twoVersions(volume.path);
    const until = "2027-01-01T00:00:00.000Z";
    await wholeRestore(volume.path, first.version, { hold: { until } });
    expect((await expectTidy(volume.path)).hold?.until).toBe(until);
    await wholeRestore(volume.path, second.version);
    expect((await expectTidy(volume.path)).hold).toBeUndefined();
  });
});

describe("a restore", () => {
  test("of the current version only sets the hold, and keeps which version was before", async () => {
    await using volume = await modelsVolume();
    const { first, second } = await twoVersions(volume.path);
    expect(await wholeRestore(volume.path, second.version, { hold: {} })).toMatchObject({
      from: second.version,
      version: second.version,
    });
    expect(await expectTidy(volume.path)).toMatchObject({
      previous: first.version,
      hold: { why: "a test" },
    });
    expect((await historyEntry(volume.path, 3)).rolledBack).toBeUndefined();
  });

  test("is followed by a publication, which ends the hold", async () => {
    await using volume = await modelsVolume();
    const { first } = await twoVersions(volume.path);
    await wholeRestore(volume.path, first.version, { hold: {} });
    const third = await wholeRun(volume.path, { runUid: "third" });
    const current = await expectTidy(volume.path);
    expect(current).toMatchObject({ version: third.version, previous: first.version, generation: 4 });
    expect(current.hold).toBeUndefined();
  });
});

describe("a version that cannot be restored changes nothing", () => {
  test("because a byte of its model is another one: the file is named", async () => {
    await using volume = await modelsVolume();
    const { first } = await twoVersions(volume.path);
    const path = join(first.path, "model.ubj");
    const bytes = await readFile(path);
    bytes[3] = (bytes[3] ?? 0) ^ 1;
    await writeFile(path, bytes);
    const before = currentText(volume.path);
    const restore = wholeRestore(volume.path, first.version);
    await expect(restore).rejects.toMatchObject({ reason: "VersionUnusable", exitCode: 78 });
    await expect(restore).rejects.toThrow(`${path}: expected ${String(bytes.length)} bytes with SHA-256`);
    await expectUntouched(volume.path, before);
  });

  test.each(["20200101T000000Z-none", "../../etc", "", "latest"])(
    "because there is none of the name %j: those that there are are named",
    async (name) => {
      await using volume = await modelsVolume();
      const { first, second } = await twoVersions(volume.path);
      const before = currentText(volume.path);
      const restore = wholeRestore(volume.path, name);
      await expect(restore).rejects.toMatchObject({ reason: "VersionUnusable" });
      await expect(restore).rejects.toThrow(`${second.version}, ${first.version}`);
      await expectUntouched(volume.path, before);
    },
  );

  test("because CURRENT.json says that its manifest was another one", async () => {
    await using volume = await modelsVolume();
    const { second } = await twoVersions(volume.path);
    const path = join(second.path, "MANIFEST.json");
    await writeFile(path, `${await readFile(path, "utf8")} `);
    await expect(wholeRestore(volume.path, second.version)).rejects.toThrow(
      /MANIFEST.json: expected SHA-256 .* as CURRENT.json says/,
    );
  });
});

describe("releaseHold()", () => {
  test("ends the hold and changes nothing else about the current version", async () => {
    await using volume = await modelsVolume();
    const { first } = await twoVersions(volume.path);
    await wholeRestore(volume.path, first.version, { hold: {} });
    const { hold, ...held } = await expectTidy(volume.path);
    const released = await release(volume.path);
    expect(released).toEqual({
      version: first.version,
      generation: 4,
      released: hold,
      unfinished: undefined,
    });
    expect(await expectTidy(volume.path)).toEqual({ ...held, generation: 4 });
    const facts = { kind: "Release", from: first.version, to: first.version };
    expect(await historyEntry(volume.path, 4)).toMatchObject({ ...facts, runUid: "releaser", by: "ann" });
  });

  test("refuses when there is no hold, or no version at all", async () => {
    await using volume = await modelsVolume();
    await expect(release(volume.path)).rejects.toMatchObject({ reason: "BadConfiguration" });
    await wholeRun(volume.path);
    await expect(release(volume.path)).rejects.toThrow(/is not held/);
  });

  test("refuses an unusable champion", async () => {
    await using volume = await modelsVolume();
    await wholeRun(volume.path);
    await truncate(join(volume.path, "bikes/CURRENT.json"), 20);
    await expect(release(volume.path)).rejects.toMatchObject({ reason: "VolumeError" });
  });
});
