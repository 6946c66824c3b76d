import { writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { describe, expect, test } from "@jest/globals";

import { RunFailure } from "../../../trainer/errors.ts";
import { bikes, lockFiles, lockPath, readOwner, takeLock, VirtualTime, writeOwner } from "./lock-scene.ts";
import { noon } from "./scene.ts";

describe("the lock of a model", () => {
  test("says who has it, then that it is free, and is never removed", async () => {
    await using volume = await bikes();
    {
      await using lock = await takeLock(volume.directory, { runUid: "first" });
      expect(lock.epoch).toBe(1);
      const facts = { runUid: "first", host: hostname(), pid: process.pid, takenAt: noon.toISOString() };
      expect(await readOwner(volume.directory, 1)).toEqual({ ...facts, owner: expect.any(String), beat: 0 });
    }
    expect(await readOwner(volume.directory, 1)).toMatchObject({ runUid: "first", released: true });
  });

  test("gets a higher number with every owner, and keeps only the newest file", async () => {
    await using volume = await bikes();
    for (const epoch of [1, 2, 3]) {
      await using lock = await takeLock(volume.directory);
      expect(lock.epoch).toBe(epoch);
    }
    expect(await lockFiles(volume.directory)).toEqual(["000003.json"]);
  });

  test("goes to exactly one of many that want it at once", async () => {
    await using volume = await bikes();
    writeOwner(volume.directory, 41, { released: true });
    const takers = Array.from({ length: 20 }, () =>
      takeLock(volume.directory, { timing: { waitSeconds: 0 } }),
    );
    const ends = await Promise.allSettled(takers);
    const locks = ends.flatMap((end) => (end.status === "fulfilled" ? [end.value] : []));
    const failures = ends.flatMap((end) => (end.status === "rejected" ? [end.reason as unknown] : []));
    expect(locks.map(({ epoch }) => epoch)).toEqual([42]);
    expect(
      failures.filter((failure) => failure instanceof RunFailure && failure.reason === "ModelLocked"),
    ).toHaveLength(19);
    await locks[0]?.assertHeld();
    await locks[0]?.[Symbol.asyncDispose]();
  });

  test("is not kept by a taker that was stopped until its number was free again", async () => {
    await using volume = await bikes();
    const time = new VirtualTime();
    // It reads the clock between its look and its file: meanwhile others took the numbers 1 to 5.
    const now = () => {
      if (time.seconds() === 0) writeOwner(volume.directory, 5, { released: true });
      return time.now();
    };
    const { sleep, doze, seconds } = time;
    await using lock = await takeLock(volume.directory, { time: { now, seconds, sleep, doze } });
    expect(lock.epoch).toBe(6);
    expect(await lockFiles(volume.directory)).toEqual(["000006.json"]);
  });
});

describe("a newcomer", () => {
  test("waits while the owner lives, says so once, and gives up after three minutes", async () => {
    await using volume = await bikes();
    writeOwner(volume.directory, 1);
    const said: string[] = [];
    const time = new VirtualTime((seconds) => {
      if (seconds % 10 === 0) writeOwner(volume.directory, 1, { beat: seconds / 10 });
    });
    const waiting = takeLock(volume.directory, { time, say: (sentence) => void said.push(sentence) });
    await expect(waiting).rejects.toMatchObject({ reason: "ModelLocked", exitCode: 75 });
    await expect(waiting).rejects.toThrow(
      /run owner \(process 7 on far-away, since 2026-12-01T12:00:00.000Z\) still has its lock after 180 s.*run again/,
    );
    expect(time.seconds()).toBe(180);
    expect(said).toEqual([expect.stringMatching(/^Waiting up to 180 s for run owner/)]);
    expect(await lockFiles(volume.directory)).toEqual(["000001.json"]);
  });

  test("goes on as soon as the owner has released the lock, without a word about taking over", async () => {
    await using volume = await bikes();
    writeOwner(volume.directory, 1);
    const said: string[] = [];
    const time = new VirtualTime((seconds) => {
      writeOwner(volume.directory, 1, { beat: seconds, ...(seconds === 30 && { released: true }) });
    });
    await using lock = await takeLock(volume.directory, {
      time,
      say: (sentence) => void said.push(sentence),
    });
    expect({ epoch: lock.epoch, seconds: time.seconds() }).toEqual({ epoch: 2, seconds: 30 });
    expect(said).toEqual([expect.stringMatching(/^Waiting/)]);
  });

  test("ends when its run is stopped, with that reason", async () => {
    await using volume = await bikes();
    writeOwner(volume.directory, 1);
    const stop = new AbortController();
    const reason = new RunFailure("Terminated", "Stopped on request");
    const time = new VirtualTime((seconds) => {
      if (seconds === 5) stop.abort(reason);
    });
    await expect(takeLock(volume.directory, { time, signal: stop.signal })).rejects.toBe(reason);
  });
});

test("a newcomer that is stopped for a minute between two looks takes no lock from an owner that lives", async () => {
  await using volume = await bikes();
  writeOwner(volume.directory, 1);
  let stoppedFor = 0;
  const time = new VirtualTime((seconds) => {
    if (seconds === 30) writeOwner(volume.directory, 1, { beat: 2, released: true });
  });
  const { now, sleep, doze } = time;
  /** The newcomer is stopped when it first asks for the time after a sleep; the owner lives on. */
  const seconds = () => {
    if (time.seconds() === 1 && stoppedFor === 0) {
      stoppedFor = 61;
      writeOwner(volume.directory, 1, { beat: 1 });
    }
    return time.seconds() + stoppedFor;
  };
  const said: string[] = [];
  const say = (sentence: string): void => void said.push(sentence);
  await using lock = await takeLock(volume.directory, { time: { now, sleep, doze, seconds }, say });
  expect({ epoch: lock.epoch, seconds: time.seconds() }).toEqual({ epoch: 2, seconds: 30 });
  expect(said).toEqual([expect.stringMatching(/^Waiting/)]);
});

describe("an owner that is not heard of", () => {
  test.each([
    { last: "nothing", bytes: undefined, from: /run owner/ },
    { last: "half a file", bytes: '{"own', from: /an unknown run/ },
    { last: "an empty file", bytes: "", from: /an unknown run/ },
  ])(
    "is taken over after 60 s without a change, and that is said: it leaves $last",
    async ({ bytes, from }) => {
      await using volume = await bikes();
      writeOwner(volume.directory, 1);
      if (bytes !== undefined) writeFileSync(lockPath(volume.directory, 1), bytes);
      const said: string[] = [];
      const time = new VirtualTime();
      await using lock = await takeLock(volume.directory, {
        time,
        say: (sentence) => void said.push(sentence),
      });
      expect({ epoch: lock.epoch, seconds: time.seconds() }).toEqual({ epoch: 2, seconds: 60 });
      expect(said).toEqual([
        expect.stringMatching(/^Waiting/),
        expect.stringMatching(/^Took over the lock of bikes/),
      ]);
      expect(said[1]).toMatch(from);
    },
  );

  test("loses the lock 60 s after its last heartbeat", async () => {
    await using volume = await bikes();
    writeOwner(volume.directory, 1);
    const time = new VirtualTime((seconds) => {
      if (seconds === 59) writeOwner(volume.directory, 1, { beat: 1 });
    });
    await using lock = await takeLock(volume.directory, { time });
    expect({ epoch: lock.epoch, seconds: time.seconds() }).toEqual({ epoch: 2, seconds: 119 });
  });

  test("has the whole 60 s, also when the one before left the same bytes", async () => {
    await using volume = await bikes();
    writeOwner(volume.directory, 1);
    const time = new VirtualTime((seconds) => {
      if (seconds === 30) writeOwner(volume.directory, 2);
    });
    await using lock = await takeLock(volume.directory, { time });
    expect({ epoch: lock.epoch, seconds: time.seconds() }).toEqual({ epoch: 3, seconds: 90 });
  });
});
