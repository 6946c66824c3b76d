import { rm, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";

import { startTestServer, type TestServer } from "../../support/database.ts";
import { describeWhere, mayMount } from "../../support/where-possible.ts";
import { currentText } from "../publish/scene.ts";
import { readOnlyVolume, smallVolume } from "../publish/volumes.ts";
import { forced, input, reportOf, run, scene, start } from "./scene.ts";

jest.setTimeout(120_000);
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

async function fillUp(path: string, leave: number): Promise<string> {
  const filler = join(path, "filler");
  const { bavail, bsize } = await statfs(path);
  await writeFile(filler, new Uint8Array(Math.max(0, bavail * bsize - leave)));
  return filler;
}

/** Only a mounted file system refuses root and fills up as a whole; test/trainer/publish has tests for other users. */
describeWhere(mayMount(), "runs on volumes with limits", "the right to mount a tmpfs (root)", () => {
  describe("a read-only volume", () => {
    test.concurrent.each([{ versions: 0 }, { versions: 1 }])(
      "with $versions versions: 77 before anything is read",
      async ({ versions }) => {
        await using on = await scene(server);
        await using volume = await readOnlyVolume(async (models) => {
          if (versions > 0) await run({ ...on, models });
        });
        const ended = await run({ ...on, models: volume.path }, { input: input({}, "0f0e0d0c-2") });
        expect(ended).toMatchObject({
          exitCode: 77,
          termination: { verdict: "Failed", reason: "VolumeReadOnly" },
        });
        expect(ended.termination.message).toContain(volume.path);
        expect(ended.termination.message).toMatch(/mounted read-only.*Mount it read-write/);
        expect(reportOf(ended).stages).toEqual([]);
        expect(currentText(volume.path) === "").toBe(versions === 0);
      },
    );
  });

  describe("a volume without room for a version", () => {
    test.concurrent("is refused before anything is read: 74", async () => {
      await using on = await scene(server);
      await using volume = await smallVolume(500_000);
      const ended = await run({ ...on, models: volume.path });
      expect(ended).toMatchObject({ exitCode: 74, termination: { verdict: "Failed", reason: "DiskFull" } });
      expect(ended.termination.message).toMatch(/\d{7} bytes are needed and \d{6} are free\. Free space/);
      expect(reportOf(ended).stages).toEqual([]);
    });

    test.concurrent.each([0, 16_384])(
      "after the training, %s bytes free: 74, the old version stays, and with room again the next run is Published",
      async (leave) => {
        await using on = await scene(server);
        await using volume = await smallVolume(4_000_000);
        const full = { ...on, models: volume.path };
        await run(full);
        using running = await start(full, { input: forced({}, "0f0e0d0c-2") });
        await running.saw(({ message }) => message === "check done");
        const filler = await fillUp(volume.path, leave);
        const ended = await running.judge();
        expect(ended).toMatchObject({
          exitCode: 74,
          termination: { verdict: "Failed", reason: "DiskFull", current: { runUid: "0f0e0d0c-1" } },
        });
        expect(ended.termination.message).toMatch(/no space is left .*Free space/);
        expect(reportOf(ended).stages.map(({ name }) => name)).toContain("train");

        await rm(filler);
        expect(await run(full, { input: forced({}, "0f0e0d0c-3") })).toMatchObject({ exitCode: 0 });
      },
    );
  });
});
