import { readdir, truncate } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, jest, test } from "@jest/globals";

import { openModelDirectory } from "../../../trainer/publish/directory.ts";
import { finishedRun } from "../../../trainer/publish/finished-run.ts";
import { committedEntries } from "../../../trainer/publish/history.ts";
import { acquireLock } from "../../../trainer/publish/lock.ts";
import { repair } from "../../../trainer/publish/repair.ts";
import { PublishStep } from "../../../trainer/publish/steps.ts";
import {
  afterDeath,
  currentText,
  expectTidy,
  lockOption,
  modelsVolume,
  publishInChild,
  quiet,
  twoVersions,
  versionSeenByReaders,
  wholeRestore,
  wholeRun,
} from "./scene.ts";

jest.setTimeout(300_000);

const steps = Object.values(PublishStep);
const stepsBelow = (limit: PublishStep): readonly string[] => steps.slice(0, steps.indexOf(limit));
const beforeCommit = stepsBelow(PublishStep.Committed);
const beforeLinks = stepsBelow(PublishStep.CurrentLinked);
/** A restore writes no files of a version and moves none. */
const notOfRestores: readonly string[] = [
  PublishStep.FileWritten,
  PublishStep.ManifestWritten,
  PublishStep.StagingVerified,
  PublishStep.VersionMoved,
];

interface Attempt {
  readonly restores: boolean;
  /** CURRENT.json cannot be read when the run begins. */
  readonly damaged: boolean;
}

const cases = [
  { change: "a publication", restores: false, damaged: false, killAt: steps },
  {
    change: "a forced publication over an unreadable CURRENT.json",
    restores: false,
    damaged: true,
    killAt: steps,
  },
  {
    change: "a restore over an unreadable CURRENT.json",
    restores: true,
    damaged: true,
    killAt: steps.filter((step) => !notOfRestores.includes(step)),
  },
];

describe.each(cases)(
  "$change, killed after a step and tried again by the same run",
  ({ killAt, ...attempt }) => {
    test.each(killAt)("is carried out exactly once: %s", async (step) => {
      await using volume = await modelsVolume();
      const { first, second } = await twoVersions(volume.path);
      if (attempt.damaged) await truncate(join(volume.path, "bikes/CURRENT.json"), 60);
      const before = currentText(volume.path);
      await killThird(volume.path, [
        ...(attempt.restores ? ["--restore", first.version] : ["--force"]),
        "--step",
        step,
      ]);
      expect(currentText(volume.path) === before).toBe(beforeCommit.includes(step));
      const seen = await versionSeenByReaders(volume.path);
      expect(seen === second.version).toBe(beforeLinks.includes(step));

      const had = await tryThirdAgain(volume.path, attempt.restores ? first.version : undefined);
      expect(had).toBe(!beforeCommit.includes(step));
      await expectOnce(volume.path, attempt);
    });
  },
);

describe("a restore, killed before one of its calls to the file system, whichever", () => {
  test("is carried out exactly once by the same run", async () => {
    const attempt = { restores: true, damaged: false };
    const outcomes: boolean[] = [];
    const calls = await callsOfOneRestore();
    for (let call = 1; call <= calls; call += 1) {
      await using volume = await modelsVolume();
      const { first } = await twoVersions(volume.path);
      await killThird(volume.path, ["--restore", first.version, "--call", String(call)]);
      outcomes.push(await tryThirdAgain(volume.path, first.version));
      await expectOnce(volume.path, attempt);
      expect((await expectTidy(volume.path)).version).toBe(first.version);
    }
    expect(outcomes.toSorted()).toEqual(outcomes); // First those before the commit, then those after it.
    expect(new Set(outcomes)).toEqual(new Set([false, true]));
  });
});

async function killThird(models: string, options: readonly string[]): Promise<void> {
  const lock = ["--lock", lockOption({})];
  const killed = await publishInChild(models, ["--run", "third", ...lock, ...options]);
  expect(killed.signal).toBe("SIGKILL");
}

/** Whether the third run found that it had ended already; if not, it does its work now. */
async function tryThirdAgain(models: string, restored: string | undefined): Promise<boolean> {
  const directory = await openModelDirectory(models, "bikes");
  const { signal } = new AbortController();
  await using lock = await acquireLock(directory, {
    runUid: "third",
    say: quiet,
    signal,
    timing: afterDeath,
  });
  await repair(directory, quiet);
  if ((await finishedRun(directory, "third")) !== undefined) return true;
  if (restored === undefined) await wholeRun(models, { runUid: "third", lock });
  else await wholeRestore(models, restored, { runUid: "third", lock });
  return false;
}

/** One generation of the third run, and its one version unless it restored one. */
async function expectOnce(models: string, { restores }: Attempt): Promise<void> {
  expect((await expectTidy(models)).runUid).toBe("third");
  const directory = await openModelDirectory(models, "bikes");
  const own = (await committedEntries(directory)).filter(({ runUid }) => runUid === "third");
  expect(own).toMatchObject([{ kind: restores ? "Restore" : "Publish" }]);
  expect(await readdir(directory.versions)).toHaveLength(restores ? 2 : 3);
}

async function callsOfOneRestore(): Promise<number> {
  await using volume = await modelsVolume();
  const { first } = await twoVersions(volume.path);
  const restore = ["--run", "third", "--restore", first.version, "--call", "1000000"];
  const { calls } = await publishInChild(volume.path, restore);
  expect(calls).toBeGreaterThan(10);
  return calls ?? 0;
}
