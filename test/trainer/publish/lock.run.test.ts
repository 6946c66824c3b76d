import { describe, expect, jest, test } from "@jest/globals";

import { openModelDirectory } from "../../../trainer/publish/directory.ts";
import { committedEntries } from "../../../trainer/publish/history.ts";
import {
  expectTidy,
  lockOption,
  modelsVolume,
  publishInChild,
  startPublisher,
  twoVersions,
  wholeRun,
  type ChildOutcome,
  type Talker,
} from "./scene.ts";

jest.setTimeout(120_000);

/** Nobody dies: an owner loses the lock only after a time that no busy machine makes it wait. */
const patient = [
  "--lock",
  lockOption({ beatSeconds: 0.2, staleSeconds: 30, waitSeconds: 90, pollSeconds: 0.02 }),
];
/** An owner that is stopped has lost the lock soon. */
const brief = [
  "--lock",
  lockOption({ beatSeconds: 0.1, staleSeconds: 1, waitSeconds: 60, pollSeconds: 0.02 }),
];

const ready = "ready";

/** Tells it to go on whenever it is ready, until it has ended; what it printed last. */
async function endOf(run: Talker): Promise<Partial<ChildOutcome>> {
  for (;;) {
    const line = await run.hear();
    if (line === "") throw new Error("It ended without a word");
    if (line.startsWith("{")) return JSON.parse(line) as Partial<ChildOutcome>;
    if (line === ready) run.tell("go");
  }
}

describe("several writers of one model at once", () => {
  test("publish one after the other, each over the version of the one before", async () => {
    await using volume = await modelsVolume();
    const names = ["red", "green", "blue", "black"];
    const ends = await Promise.all(
      names.map((name) => publishInChild(volume.path, ["--run", name, ...patient])),
    );
    expect(ends.map(({ outcome, stderr }) => ({ outcome, stderr }))).toEqual(
      names.map(() => ({ outcome: "Published", stderr: "" })),
    );
    expect((await expectTidy(volume.path)).generation).toBe(4);
    const entries = await committedEntries(await openModelDirectory(volume.path, "bikes"));
    expect(entries.map(({ from }) => from)).toEqual([null, ...entries.slice(0, -1).map(({ to }) => to)]);
  });

  test("a restore waits for a publication, and turns away from the new version", async () => {
    await using volume = await modelsVolume();
    const { first } = await twoVersions(volume.path);
    using third = startPublisher(volume.path, "third", patient);
    expect(await third.hear()).toBe(ready);
    using restorer = startPublisher(volume.path, "restorer", ["--restore", first.version, ...patient]);
    expect(await restorer.hear()).toMatch(/^Waiting up to 90 s for run third \(process \d+ on .*\)/);
    third.tell("go");
    const { version } = await endOf(third);
    expect(await endOf(restorer)).toMatchObject({ outcome: "Restored", from: version });
    expect(await expectTidy(volume.path)).toMatchObject({ version: first.version, generation: 4 });
  });

  test("a publication waits for a restore, and replaces the restored version", async () => {
    await using volume = await modelsVolume();
    const { first } = await twoVersions(volume.path);
    using restorer = startPublisher(volume.path, "restorer", ["--restore", first.version, ...patient]);
    expect(await restorer.hear()).toBe(ready);
    const publication = publishInChild(volume.path, ["--run", "third", ...patient]);
    restorer.tell("go");
    expect(await endOf(restorer)).toMatchObject({ outcome: "Restored" });
    expect(await publication).toMatchObject({ outcome: "Published" });
    expect(await expectTidy(volume.path)).toMatchObject({ previous: first.version, generation: 4 });
  });
});

describe("an owner that lives", () => {
  test("is not disturbed by a newcomer that gives up when its time is over", async () => {
    await using volume = await modelsVolume();
    const { second } = await twoVersions(volume.path);
    using owner = startPublisher(volume.path, "owner", patient);
    expect(await owner.hear()).toBe(ready);
    const hasty = ["--lock", lockOption({ waitSeconds: 0.5, pollSeconds: 0.05 })];
    const end = await publishInChild(volume.path, ["--run", "newcomer", ...hasty]);
    expect(end).toMatchObject({
      outcome: "ModelLocked",
      message: expect.stringMatching(/run owner .* still has/),
    });
    owner.tell("go");
    expect(await endOf(owner)).toMatchObject({ outcome: "Published" });
    expect((await expectTidy(volume.path)).previous).toBe(second.version);
  });
});

describe("an owner that is not heard of any more", () => {
  test("is followed by the next one when it was killed", async () => {
    await using volume = await modelsVolume();
    const first = await wholeRun(volume.path, { runUid: "first" });
    using owner = startPublisher(volume.path, "owner", brief);
    expect(await owner.hear()).toBe(ready);
    owner.kill("SIGKILL");
    using next = startPublisher(volume.path, "next", brief);
    expect(await next.hear()).toMatch(/^Waiting up to 60 s for run owner/);
    expect(await next.hear()).toMatch(/^Took over the lock of bikes from run owner/);
    expect(await endOf(next)).toMatchObject({ outcome: "Published" });
    expect((await expectTidy(volume.path)).previous).toBe(first.version);
  });

  test.each([
    { stopped: "before it staged anything", hears: 0 },
    { stopped: "with a staged version", hears: 1 },
  ])("ends as ModelLocked when it wakes up after another one has published: $stopped", async ({ hears }) => {
    await using volume = await modelsVolume();
    await wholeRun(volume.path, { runUid: "first" });
    using sleeper = startPublisher(volume.path, "sleeper", brief);
    expect(await sleeper.hear()).toBe(ready);
    for (let times = 0; times < hears; times += 1) {
      sleeper.tell("go");
      expect(await sleeper.hear()).toBe(ready);
    }
    sleeper.kill("SIGSTOP");
    expect(await publishInChild(volume.path, ["--run", "next", ...brief])).toMatchObject({
      outcome: "Published",
    });
    sleeper.kill("SIGCONT");
    sleeper.tell("go");
    expect(await endOf(sleeper)).toMatchObject({ outcome: "ModelLocked" });
    expect((await expectTidy(volume.path)).runUid).toBe("next");
  });
});

describe("an owner that wakes up", () => {
  test("ends as ModelLocked while another one holds the lock, which then publishes", async () => {
    await using volume = await modelsVolume();
    await wholeRun(volume.path, { runUid: "first" });
    using sleeper = startPublisher(volume.path, "sleeper", brief);
    expect(await sleeper.hear()).toBe(ready);
    sleeper.kill("SIGSTOP");
    using next = startPublisher(volume.path, "next", brief);
    expect(await next.hear()).toMatch(/^Waiting/);
    expect(await next.hear()).toMatch(/^Took over/);
    expect(await next.hear()).toBe(ready);
    sleeper.kill("SIGCONT");
    sleeper.tell("go");
    const end = await endOf(sleeper);
    expect(end).toMatchObject({
      outcome: "ModelLocked",
      message: expect.stringMatching(/took over its lock/),
    });
    next.tell("go");
    expect(await endOf(next)).toMatchObject({ outcome: "Published" });
    expect((await expectTidy(volume.path)).runUid).toBe("next");
  });
});
