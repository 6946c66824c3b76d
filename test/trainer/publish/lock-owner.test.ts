import { mkdirSync, renameSync, rmSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";

import type { ModelDirectory } from "../../../trainer/publish/directory.ts";
import { bikes, lockFiles, lockPath, readOwner, takeLock, VirtualTime, writeOwner } from "./lock-scene.ts";

interface Loss {
  readonly what: string;
  readonly happen: (directory: ModelDirectory) => void;
}

const losses: readonly Loss[] = [
  {
    what: "a higher number is there",
    happen: (directory) => {
      writeOwner(directory, 2);
    },
  },
  {
    what: "its file is gone",
    happen: (directory) => {
      rmSync(lockPath(directory, 1));
    },
  },
  {
    what: "its file is another's",
    happen: (directory) => {
      writeOwner(directory, 1);
    },
  },
];

describe("an owner", () => {
  test("gives a sign of life with every heartbeat, and holds the lock", async () => {
    await using volume = await bikes();
    const time = new VirtualTime();
    await using lock = await takeLock(volume.directory, { time });
    for (const beat of [1, 2, 3]) {
      await time.beat();
      expect((await readOwner(volume.directory, 1)).beat).toBe(beat);
    }
    await lock.assertHeld();
    expect(lock.lost).toBe(false);
  });

  test.each(losses)("has lost the lock and leaves it alone: $what", async ({ happen }) => {
    await using volume = await bikes();
    {
      await using lock = await takeLock(volume.directory, { timing: { beatSeconds: 1000 } });
      happen(volume.directory);
      await expect(lock.assertHeld()).rejects.toMatchObject({ reason: "ModelLocked", exitCode: 75 });
      expect(lock.lost).toBe(true);
    }
    for (const name of await lockFiles(volume.directory)) {
      expect((await readOwner(volume.directory, parseInt(name, 10))).released).toBeUndefined();
    }
  });
});

describe("a heartbeat", () => {
  test("finds that the lock is lost, and is the last", async () => {
    await using volume = await bikes();
    const time = new VirtualTime();
    const lost = Promise.withResolvers<string>();
    await using lock = await takeLock(volume.directory, { time, say: lost.resolve });
    rmSync(lockPath(volume.directory, 1));
    writeOwner(volume.directory, 2);
    await time.beat(lost.promise);
    expect(await lost.promise).toMatch(/is lost: another run took it over/);
    expect(lock.lost).toBe(true);
    expect(await lockFiles(volume.directory)).toEqual(["000002.json"]);
    await expect(lock.assertHeld()).rejects.toThrow(/another one took over its lock/);
  });

  test("that the volume refused is said, and the next one follows", async () => {
    await using volume = await bikes();
    const time = new VirtualTime();
    const said: string[] = [];
    await using lock = await takeLock(volume.directory, {
      time,
      say: (sentence) => void said.push(sentence),
    });
    const path = lockPath(volume.directory, 1);
    renameSync(path, `${path}.aside`);
    mkdirSync(path);
    await time.beat();
    expect(said).toEqual([expect.stringMatching(/heartbeat .* failed; the next one follows.*EISDIR/)]);
    rmSync(path, { recursive: true });
    renameSync(`${path}.aside`, path);
    await time.beat();
    expect((await readOwner(volume.directory, 1)).beat).toBe(2);
    await lock.assertHeld();
  });
});
