import { open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, jest, test } from "@jest/globals";

import { CurrentPointer, HistoryEntry } from "../../../contract/published.ts";
import { openModelDirectory } from "../../../trainer/publish/directory.ts";
import { acquireLock } from "../../../trainer/publish/lock.ts";
import { modelsVolume, quiet } from "../publish/scene.ts";
import { documentOf, publishDaily, publishVersion, runModels, snapshot } from "./scene.ts";

jest.setTimeout(60_000);

const currentOf = async (models: string): Promise<CurrentPointer> =>
  CurrentPointer.parse(JSON.parse(await readFile(join(models, "bikes/CURRENT.json"), "utf8")));

describe("npm run models, looking only,", () => {
  const looks = ["list", "list bikes", "show bikes", "diff bikes previous", "verify bikes"];

  test.each(looks)("%s prints one JSON document and changes nothing on the volume", async (words) => {
    await using volume = await modelsVolume();
    await publishDaily(volume.path, 2);
    const before = await snapshot(volume.path);
    const { exitCode, stdout, stderr } = await runModels(volume.path, [...words.split(" "), "--json"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(JSON.parse(stdout)).toBeInstanceOf(Object);
    expect(await snapshot(volume.path)).toEqual(before);
  });

  test("list draws a table, and takes the volume's directory from the command line too", async () => {
    await using volume = await modelsVolume();
    const [first = "", second = ""] = await publishDaily(volume.path, 2);
    const { exitCode, stdout, stderr } = await runModels("/nowhere", [
      "list",
      "bikes",
      "--models",
      volume.path,
    ]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const lines = stdout.split("\n").filter((line) => line.startsWith("║"));
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/version .* generation .* published .* MAE .* champion .* naive .* by .* why/);
    expect(lines[1]).toMatch(new RegExp(`${second} .* 2 .* 2025-12-02 01:00 .* test .* a test .* current`));
    expect(lines[2]).toMatch(new RegExp(`${first} .* 1 .* 2025-12-01 01:00 .* test .* a test .* previous`));
  });

  test("--help prints the usage", async () => {
    const { exitCode, stdout } = await runModels("/nowhere", ["--help"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^npm run models -- SUBCOMMAND[^]*score MODEL/);
  });
});

describe("npm run models refuses with 78 and one sentence", () => {
  test.each([
    { words: "lst", says: /there is no subcommand "lst"/ },
    { words: "list trams", says: /Cannot find the model "trams" in .*: found bikes\./ },
    {
      words: "show bikes 20200101T000000Z-none",
      says: /Cannot find the version .*: found 20251202T.*, 20251201T/,
    },
    { words: "restore trams current --reason x", says: /Cannot find the model "trams"/ },
    { words: "restore bikes previous --reason x --hold-until 2020-01-01", says: /until a day that is over/ },
    { words: "unpin bikes current", says: /Cannot unpin .* it is not pinned/ },
    { words: "release bikes --reason x", says: /Cannot release bikes: its current version is not held/ },
  ])("$words", async ({ words, says }) => {
    await using volume = await modelsVolume();
    await publishDaily(volume.path, 2);
    const before = await currentOf(volume.path);
    const { exitCode, stdout, stderr } = await runModels(volume.path, words.split(" "));
    expect({ exitCode, stdout }).toEqual({ exitCode: 78, stdout: "" });
    expect(stderr).toMatch(/^[A-Z].{20,}\n$/);
    expect(stderr).toMatch(says);
    expect(await readdir(volume.path)).toEqual(["bikes"]);
    expect(await currentOf(volume.path)).toEqual(before);
  });
});

describe("npm run models restore", () => {
  test("makes an older version current, holds it, and the history says who and why", async () => {
    await using volume = await modelsVolume();
    const [first = "", second = ""] = await publishDaily(volume.path, 2);
    const words = ["restore", "bikes", first, "--reason", "the bridge was closed", "--by", "ann@desk"];
    const { exitCode, stdout } = await runModels(volume.path, words);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: `Restored: ${first} of bikes is current instead of ${second}. No run replaces it until it is released, unless it is forced.\n`,
    });
    const hold = { by: "ann@desk", why: "the bridge was closed" };
    expect(await currentOf(volume.path)).toMatchObject({
      version: first,
      previous: second,
      generation: 3,
      hold,
    });
    const entry: unknown = JSON.parse(await readFile(join(volume.path, "bikes/history/000003.json"), "utf8"));
    expect(HistoryEntry.parse(entry)).toMatchObject({
      kind: "Restore",
      state: "committed",
      to: first,
      ...hold,
    });
    expect(await documentOf(volume.path, ["list", "bikes"])).toMatchObject({
      current: first,
      hold,
      versions: [
        { version: first, flags: ["current", "held"] },
        { version: second, flags: ["previous"] },
      ],
    });
  });

  test("holds until a day, or not at all, and release ends the hold", async () => {
    await using volume = await modelsVolume();
    const [first = ""] = await publishDaily(volume.path, 2);
    const until = ["restore", "bikes", first, "--reason", "x", "--hold-until", "2999-12-31"];
    expect(await documentOf(volume.path, until)).toMatchObject({
      verdict: "Restored",
      version: first,
      hold: { until: "3000-01-01T00:00:00.000Z" },
    });
    expect(await documentOf(volume.path, ["release", "bikes", "--reason", "it is open again"])).toMatchObject(
      {
        version: first,
        released: { until: "3000-01-01T00:00:00.000Z" },
      },
    );
    expect(await currentOf(volume.path)).not.toHaveProperty("hold");
    await documentOf(volume.path, ["restore", "bikes", "previous", "--reason", "y", "--no-hold"]);
    expect(await currentOf(volume.path)).not.toHaveProperty("hold");
    expect(await documentOf(volume.path, ["verify", "bikes"])).toMatchObject({ sound: true });
  });
});

describe("a damaged version", () => {
  test("is named by verify, and restore refuses it", async () => {
    await using volume = await modelsVolume();
    const [first = ""] = await publishDaily(volume.path, 2);
    const model = join(volume.path, "bikes/versions", first, "model.ubj");
    await using file = await open(model, "r+");
    await file.write(Uint8Array.of(0), 0, 1, 5);
    const before = await currentOf(volume.path);

    const verified = await runModels(volume.path, ["verify", "bikes", "--json"]);
    expect(verified).toMatchObject({ exitCode: 74, stderr: "" });
    expect(JSON.parse(verified.stdout)).toMatchObject({ sound: false, damage: [{ path: model }] });
    const told = await runModels(volume.path, ["verify", "bikes"]);
    expect(told.stdout).toMatch(
      /model\.ubj: expected \d+ bytes with SHA-256 \w+, found \d+ bytes with SHA-256/,
    );
    const restored = await runModels(volume.path, ["restore", "bikes", first, "--reason", "x"]);
    expect(restored).toMatchObject({ exitCode: 78, stdout: "" });
    expect(restored.stderr).toContain(`${model}: expected`);
    expect(await currentOf(volume.path)).toEqual(before);
  });
});

describe("npm run models, changing,", () => {
  test("prune keeps what it must", async () => {
    await using volume = await modelsVolume();
    const [first = "", second = "", third = "", fourth = ""] = await publishDaily(volume.path, 4);
    const young = await publishVersion(volume.path, { runUid: "young", now: new Date() });
    await documentOf(volume.path, ["pin", "bikes", second, "--reason", "the best of the year"]);
    const versions = (): Promise<string[]> => readdir(join(volume.path, "bikes/versions"));

    const dry = await documentOf(volume.path, ["prune", "bikes", "--keep", "1", "--dry-run"]);
    expect(await versions()).toHaveLength(5);
    const pruned = await documentOf(volume.path, ["prune", "bikes", "--keep", "1"]);
    expect(pruned).toEqual({ ...(dry as object), dryRun: false });
    expect((await versions()).sort()).toEqual([second, fourth, young.version].sort());
    expect(pruned).toMatchObject({
      versions: [
        { version: young.version, keep: true, why: "it is current" },
        { version: fourth, keep: true, why: "it was current before" },
        { version: third, keep: false },
        { version: second, keep: true, why: "it is pinned" },
        { version: first, keep: false },
      ],
    });
    await documentOf(volume.path, ["unpin", "bikes", second]);
    await documentOf(volume.path, ["prune", "bikes", "--keep", "1"]);
    expect((await versions()).sort()).toEqual([fourth, young.version].sort());
    expect(await documentOf(volume.path, ["verify", "bikes"])).toMatchObject({ sound: true });
  });

  test("prune removes nothing when the current version is damaged", async () => {
    await using volume = await modelsVolume();
    const [first = "", second = "", third = ""] = await publishDaily(volume.path, 3);
    await using file = await open(join(volume.path, "bikes/versions", third, "model.ubj"), "r+");
    await file.write(Uint8Array.of(0), 0, 1, 5);
    const { exitCode, stderr } = await runModels(volume.path, ["prune", "bikes", "--keep", "1"]);
    expect(exitCode).toBe(74);
    expect(stderr).toMatch(/^Cannot trust the current version of bikes: .*model\.ubj/);
    expect((await readdir(join(volume.path, "bikes/versions"))).sort()).toEqual([first, second, third]);
  });

  test("waits for the lock of a run that is writing, and gives up with 75", async () => {
    await using volume = await modelsVolume();
    const [first = ""] = await publishDaily(volume.path, 2);
    const before = await currentOf(volume.path);
    const directory = await openModelDirectory(volume.path, "bikes");
    const timing = { beatSeconds: 0.2, staleSeconds: 2, waitSeconds: 2, pollSeconds: 0.1 };
    const request = { runUid: "a-run", say: quiet, signal: new AbortController().signal, timing };
    await using lock = await acquireLock(directory, request);
    const words = ["restore", "bikes", first, "--reason", "x"];
    const { exitCode, stdout, stderr } = await runModels(volume.path, words, { LOCK_STALE_SECONDS: "2" });
    expect({ exitCode, stdout }).toEqual({ exitCode: 75, stdout: "" });
    expect(stderr).toMatch(/run a-run .* still has its lock/);
    expect(lock.lost).toBe(false);
    expect(await currentOf(volume.path)).toEqual(before);
  });
});
