import { mkdir, rm, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, jest, test } from "@jest/globals";

import { checkWritable, openModelDirectory } from "../../../trainer/publish/directory.ts";
import { volumeFailure } from "../../../trainer/publish/volume.ts";
import { describeWhere, mayMount } from "../../support/where-possible.ts";
import { currentText, expectTidy, expectUntouched, modelsVolume, publishInChild, wholeRun } from "./scene.ts";
import { readOnlyVolume, smallVolume } from "./volumes.ts";

jest.setTimeout(60_000);

const nothing = (): Promise<void> => Promise.resolve();
const firstVersion = async (path: string): Promise<void> => {
  await wholeRun(path);
};

describe("a read-only volume", () => {
  test.each([
    { volume: "empty", fill: nothing },
    { volume: "already with a version", fill: firstVersion },
  ])("ends the run at its start and stays as it is: $volume", async ({ fill }) => {
    await using volume = await readOnlyVolume(fill);
    const before = currentText(volume.path);
    const run = await publishInChild(volume.path, ["--run", "second"], volume.wrap);
    expect(run).toMatchObject({ outcome: "VolumeReadOnly", stderr: "" });
    expect(run.message).toContain(join(volume.path, "bikes"));
    expect(run.message).toMatch(/Mount it read-write|Give that user the right/);
    expect(currentText(volume.path)).toBe(before);
  });
});

describe("a full volume", () => {
  test.each(["200000", "100000"])(
    "keeps the old version and no part of the new one: files of %s bytes",
    async (bytes) => {
      await using volume = await smallVolume(160_000);
      await wholeRun(volume.path);
      const before = currentText(volume.path);
      const larger = volume.mounted ? bytes : "200000"; // A limit for each file does not add two of them up.
      const run = await publishInChild(volume.path, ["--run", "second", "--bytes", larger], volume.wrap);
      expect(run).toMatchObject({ outcome: "DiskFull", stderr: "" });
      expect(run.message).toMatch(/\d+ bytes were needed; \d+ bytes are free/);
      expect(currentText(volume.path)).toBe(before);
      await expectTidy(volume.path);
    },
  );
});

// On any machine kill.run.test.ts lets every single call answer ENOSPC.
describeWhere(mayMount(), "a volume that fills up page by page", "the right to mount a tmpfs (root)", () => {
  test("at any point of a publication ends it as DiskFull or Published, then recovers", async () => {
    const outcomes = new Set<string | undefined>();
    for (let pages = 0; pages <= 8; pages += 1) {
      await using volume = await smallVolume(160_000);
      await wholeRun(volume.path);
      await mkdir(join(volume.path, "other"));
      const { bavail, bsize } = await statfs(volume.path);
      await writeFile(join(volume.path, "other", "filler"), new Uint8Array((bavail - pages) * bsize));
      const before = currentText(volume.path);

      const { outcome } = await publishInChild(volume.path, ["--run", "second"], volume.wrap);
      outcomes.add(outcome);
      if (outcome !== "Published") await expectUntouched(volume.path, before);
      await rm(join(volume.path, "other"), { recursive: true });
      await wholeRun(volume.path, { runUid: "third" });
      await expectTidy(volume.path);
    }
    expect(outcomes).toEqual(new Set(["DiskFull", "Published"]));
  });
});

describe("checkWritable()", () => {
  test("passes with enough space and leaves nothing behind", async () => {
    await using volume = await modelsVolume();
    await wholeRun(volume.path);
    await checkWritable(await openModelDirectory(volume.path, "bikes"), 1000);
    expect((await expectTidy(volume.path)).generation).toBe(1);
  });

  test("refuses when the free space is less than what will be needed, with both numbers", async () => {
    await using volume = await modelsVolume();
    const directory = await openModelDirectory(volume.path, "bikes");
    const asked = checkWritable(directory, 2 ** 52);
    await expect(asked).rejects.toMatchObject({ reason: "DiskFull", exitCode: 74 });
    await expect(asked).rejects.toThrow(/4503599627370496 bytes are needed and \d+ are free/);
  });
});

describe("openModelDirectory()", () => {
  test("gives up where no directory can ever be made", async () => {
    await expect(openModelDirectory("/proc/models/of/ours", "bikes")).rejects.toMatchObject({
      reason: "VolumeError",
    });
  });

  test("makes what is missing on the way, also when two do at once", async () => {
    await using volume = await modelsVolume();
    const deep = join(volume.path, "a", "b");
    const opened = await Promise.all([1, 2].map(() => openModelDirectory(deep, "bikes")));
    expect(opened.map((directory) => directory.path)).toEqual(Array(2).fill(join(deep, "bikes")));
  });

  test.each(["", ".", "..", "../other", "a/b", "/etc", "A", "a\0b", "a b", "-a", "a".repeat(64)])(
    "refuses the model name %j",
    async (name) => {
      await using volume = await modelsVolume();
      await expect(openModelDirectory(volume.path, name)).rejects.toMatchObject({
        reason: "BadConfiguration",
      });
    },
  );

  test("refuses a file in the place of the model's directory", async () => {
    await using volume = await modelsVolume();
    await writeFile(join(volume.path, "bikes"), "");
    await expect(openModelDirectory(volume.path, "bikes")).rejects.toMatchObject({ reason: "VolumeError" });
  });
});

describe("volumeFailure()", () => {
  test.each([
    { code: "EROFS", path: "/models/a", reason: "VolumeReadOnly", exitCode: 77 },
    { code: "EACCES", path: "/models/a", reason: "VolumeReadOnly", exitCode: 77 },
    { code: "EPERM", path: "/models/a", reason: "VolumeReadOnly", exitCode: 77 },
    { code: "ENOSPC", path: "/models/a", reason: "DiskFull", exitCode: 74 },
    { code: "EDQUOT", path: "/models/a", reason: "DiskFull", exitCode: 74 },
    { code: "EIO", path: "/models/a", reason: "VolumeError", exitCode: 74 },
    { code: "ENOENT", path: "/models/a", reason: "VolumeError", exitCode: 74 },
    { code: "ENOENT", path: "/models/a/.staging/b", reason: "ModelLocked", exitCode: 75 },
  ])("maps $code at $path to $reason, and names action, path and code's cause", async (row) => {
    const cause = Object.assign(new Error("refused"), { code: row.code });
    const failure = await volumeFailure("write", row.path, cause);
    expect(failure).toMatchObject({ reason: row.reason, exitCode: row.exitCode, cause });
    expect(failure.message).toContain(`Cannot write ${row.path}`);
  });
});
