import { join } from "node:path";
import { describe, expect, jest, test } from "@jest/globals";

import { RunFailure } from "../../../trainer/errors.ts";
import { openModelDirectory } from "../../../trainer/publish/directory.ts";
import { readHistory } from "../../../trainer/publish/history.ts";
import { repair } from "../../../trainer/publish/repair.ts";
import { PublishStep } from "../../../trainer/publish/steps.ts";
import {
  expectTidy,
  modelsVolume,
  publishInChild,
  publishOver,
  quiet,
  stageVersion,
  startProgram,
  startPublisher,
  wholeRun,
} from "./scene.ts";

jest.setTimeout(60_000);

const steps = Object.values(PublishStep);
const beforeCommit = steps.slice(0, steps.indexOf(PublishStep.Committed));
const afterCommit = steps.slice(steps.indexOf(PublishStep.Committed));
/** Does `work` when the step is reached for the first time. */
const onceAt = (step: PublishStep, work: () => Promise<unknown>) => {
  let done = false;
  return async (reached: PublishStep): Promise<void> => {
    if (reached !== step || done) return;
    done = true;
    await work();
  };
};

describe("another run that repairs and publishes in the middle of a publication", () => {
  test.each(beforeCommit)("makes the first one fail as ModelLocked before the commit: %s", async (step) => {
    await using volume = await modelsVolume();
    await wholeRun(volume.path, { runUid: "first" });
    const other = () => wholeRun(volume.path, { runUid: "other" });
    const slow = wholeRun(volume.path, { runUid: "slow", onStep: onceAt(step, other) });
    await expect(slow).rejects.toMatchObject({ reason: "ModelLocked", exitCode: 75 });
    expect((await expectTidy(volume.path)).runUid).toBe("other");
  });

  test.each(afterCommit)("follows it after the commit, both are Published: %s", async (step) => {
    await using volume = await modelsVolume();
    await wholeRun(volume.path, { runUid: "first" });
    const other = () => wholeRun(volume.path, { runUid: "other" });
    const slow = await wholeRun(volume.path, { runUid: "slow", onStep: onceAt(step, other) });
    expect(await expectTidy(volume.path)).toMatchObject({ runUid: "other", previous: slow.version });
  });
});

describe("another run that was staged before and publishes in the middle of a publication", () => {
  test.each(beforeCommit.slice(beforeCommit.indexOf(PublishStep.ManifestWritten)))(
    "leaves exactly one of the two Published: %s",
    async (step) => {
      await using volume = await modelsVolume();
      await wholeRun(volume.path, { runUid: "first" });
      const directory = await openModelDirectory(volume.path, "bikes");
      const standing = await repair(directory, quiet);
      const outcomes: string[] = [];
      {
        await using other = await stageVersion(directory, { runUid: "other" });
        const between = async () => outcomes.push(await outcomeOf(publishOver(standing, other)));
        await using slow = await stageVersion(directory, { runUid: "slow", onStep: onceAt(step, between) });
        outcomes.push(await outcomeOf(publishOver(standing, slow)));
      }
      expect(outcomes.sort()).toEqual(["ModelLocked", "Published"]);
      await expectTidy(volume.path);
    },
  );
});

async function outcomeOf(publication: Promise<unknown>): Promise<string> {
  try {
    await publication;
    return "Published";
  } catch (error) {
    if (error instanceof RunFailure) return error.reason;
    throw error;
  }
}

describe("processes that publish at once", () => {
  test("win a generation exactly once when all are ready for it, and leave no trace of the losers", async () => {
    await using volume = await modelsVolume();
    for (let generation = 1; generation <= 4; generation += 1) {
      using red = startPublisher(volume.path, `red-${String(generation)}`);
      using green = startPublisher(volume.path, `green-${String(generation)}`);
      using blue = startPublisher(volume.path, `blue-${String(generation)}`);
      const racers = [red, green, blue];
      for (const stage of ["repaired", "staged"]) {
        const heard = await Promise.all(racers.map((racer) => racer.hear()));
        expect({ stage, heard }).toEqual({ stage, heard: ["ready", "ready", "ready"] });
        racers.forEach((racer) => {
          racer.tell("go");
        });
      }
      const ends = await Promise.all(racers.map(async (racer) => outcome(await racer.hear())));
      expect(ends.sort()).toEqual(["ModelLocked", "ModelLocked", "Published"]);
      expect((await expectTidy(volume.path)).generation).toBe(generation);
    }
  });

  test("end as Published or ModelLocked, at least one Published, whatever they do to each other", async () => {
    await using volume = await modelsVolume();
    const names = ["red", "green", "blue", "black"];
    const ends = await Promise.all(names.map((name) => publishInChild(volume.path, ["--run", name])));
    expect(ends.map(({ stderr }) => stderr)).toEqual(["", "", "", ""]);
    const published = ends.filter((end) => end.outcome === "Published");
    expect(published.length).toBeGreaterThan(0);
    const others = ends.filter((end) => end.outcome !== "Published" && end.outcome !== "ModelLocked");
    expect(others).toEqual([]);

    await wholeRun(volume.path, { runUid: "last" });
    expect((await expectTidy(volume.path)).runUid).toBe("last");
    const directory = await openModelDirectory(volume.path, "bikes");
    const committed = (await readHistory(directory)).filter(({ entry }) => entry?.state === "committed");
    expect(committed).toHaveLength(published.length + 1);
  });

  test("never show a mixture to a reader in another process, over 20 publications", async () => {
    await using volume = await modelsVolume();
    await wholeRun(volume.path, { runUid: "v0" });
    using reader = startProgram(join(import.meta.dirname, "reader.ts"), [volume.path]);
    expect(await reader.hear()).toBe("reading");
    for (let count = 1; count <= 20; count += 1) {
      await wholeRun(volume.path, { runUid: `v${String(count)}` });
    }
    reader.end();
    const report = JSON.parse(await reader.hear()) as { versions: number; mixtures: string[] };
    expect(report.mixtures).toEqual([]);
    expect(report.versions).toBeGreaterThan(2);
  });
});

const outcome = (line: string): string => (JSON.parse(line) as { outcome: string }).outcome;
