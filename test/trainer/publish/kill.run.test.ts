import { describe, expect, jest, test } from "@jest/globals";

import { openModelDirectory } from "../../../trainer/publish/directory.ts";
import { readCurrent } from "../../../trainer/publish/current.ts";
import { verifyVersion } from "../../../trainer/publish/manifest.ts";
import { PublishStep } from "../../../trainer/publish/steps.ts";
import {
  currentText,
  expectTidy,
  expectUntouched,
  modelsVolume,
  publishInChild,
  versionSeenByReaders,
  wholeRun,
} from "./scene.ts";

jest.setTimeout(300_000);

const steps = Object.values(PublishStep);
const killAt = [...steps, "file-written:preprocessor.json"];
const committedFrom = steps.indexOf(PublishStep.Committed);
const linkedFrom = steps.indexOf(PublishStep.CurrentLinked);
const position = (step: string): number => steps.findIndex((name) => step.startsWith(name));

describe("a publication over a first version, killed after a step", () => {
  test.each(killAt)("leaves one whole version current and is cleaned up: %s", async (step) => {
    await using volume = await modelsVolume();
    const first = await wholeRun(volume.path, { runUid: "first" });
    const killed = await publishInChild(volume.path, ["--run", "second", "--step", step]);
    expect(killed.signal).toBe("SIGKILL");

    const directory = await openModelDirectory(volume.path, "bikes");
    const current = await readCurrent(directory);
    expect(current?.runUid).toBe(position(step) >= committedFrom ? "second" : "first");
    await verifyVersion(directory, current?.version ?? "");
    const seen = await versionSeenByReaders(volume.path);
    expect(seen).toBe(position(step) >= linkedFrom ? current?.version : first.version);

    const third = await wholeRun(volume.path, { runUid: "third" });
    expect(await expectTidy(volume.path)).toMatchObject({
      version: third.version,
      previous: current?.version,
    });
  });
});

describe("the first publication ever, killed after a step", () => {
  test.each(killAt)("leaves nothing or a whole version current and is cleaned up: %s", async (step) => {
    await using volume = await modelsVolume();
    const killed = await publishInChild(volume.path, ["--run", "first", "--step", step]);
    expect(killed.signal).toBe("SIGKILL");

    const current = await readCurrent(await openModelDirectory(volume.path, "bikes"));
    expect(current?.runUid).toBe(position(step) >= committedFrom ? "first" : undefined);
    await wholeRun(volume.path, { runUid: "second" });
    expect(await expectTidy(volume.path)).toMatchObject({
      runUid: "second",
      previous: current?.version ?? null,
    });
  });
});

describe("a publication that stops before one of its calls to the file system, whichever", () => {
  test("is taken back or completed by the next run when it was killed there", async () => {
    const calls = await callsOfOnePublication();
    for (let call = 1; call <= calls; call += 1) {
      await using volume = await modelsVolume();
      const first = await wholeRun(volume.path, { runUid: "first" });
      const killed = await publishInChild(volume.path, ["--run", "second", "--call", String(call)]);
      expect(killed.signal).toBe("SIGKILL");
      const seen = await versionSeenByReaders(volume.path);
      expect([first.version, first.version.replace("first", "second")]).toContain(seen.replace(/T01/, "T12"));
      await wholeRun(volume.path, { runUid: "third" });
      expect((await expectTidy(volume.path)).runUid).toBe("third");
    }
  });

  test("leaves the first version and nothing else, or is Published, when the disk is full there", async () => {
    const calls = await callsOfOnePublication();
    const outcomes = new Set<string | undefined>();
    for (let call = 1; call <= calls; call += 1) {
      await using volume = await modelsVolume();
      await wholeRun(volume.path, { runUid: "first" });
      const before = currentText(volume.path);
      const options = ["--run", "second", "--call", String(call), "--error", "ENOSPC"];
      const { outcome, stderr } = await publishInChild(volume.path, options);
      expect({ outcome, stderr }).toEqual({
        outcome: expect.stringMatching(/^(DiskFull|Published)$/),
        stderr: "",
      });
      if (outcome === "DiskFull") await expectUntouched(volume.path, before);
      outcomes.add(outcome);
      await wholeRun(volume.path, { runUid: "third" });
      await expectTidy(volume.path);
    }
    expect(outcomes).toEqual(new Set(["DiskFull", "Published"]));
  });
});

async function callsOfOnePublication(): Promise<number> {
  await using volume = await modelsVolume();
  await wholeRun(volume.path, { runUid: "first" });
  const { calls } = await publishInChild(volume.path, ["--run", "second", "--call", "1000000"]);
  expect(calls).toBeGreaterThan(20);
  return calls ?? 0;
}
