import {
  appendFile,
  cp,
  mkdir,
  readdir,
  readFile,
  realpath,
  rm,
  symlink,
  truncate,
  unlink,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";

import { openModelDirectory } from "../../../trainer/publish/directory.ts";
import { finishedRun } from "../../../trainer/publish/finished-run.ts";
import { repair } from "../../../trainer/publish/repair.ts";
import { unusableSentence } from "../../../trainer/publish/standing.ts";
import { expectTidy, modelsVolume, quiet, versionSeenByReaders, wholeRun } from "./scene.ts";

/** Name and content of every file and the target of every link below a directory. */
async function snapshot(root: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map(async (path) => [path, await readFile(path, "utf8")] as const));
  return new Map([...entries.map((entry) => [join(entry.parentPath, entry.name), ""] as const), ...texts]);
}

const current = "bikes/CURRENT.json";
const damages = [
  { damage: "CURRENT.json is empty", file: current, harm: (path: string) => truncate(path, 0) },
  { damage: "CURRENT.json is cut", file: current, harm: (path: string) => truncate(path, 60) },
  { damage: "CURRENT.json has another form", file: current, harm: (path: string) => writeFile(path, "{}") },
  { damage: "CURRENT.json is lost", file: current, harm: (path: string) => unlink(path) },
  {
    damage: "the manifest is cut",
    file: "bikes/current/MANIFEST.json",
    harm: (path: string) => truncate(path, 20),
  },
  {
    damage: "the manifest is another one",
    file: "bikes/current/MANIFEST.json",
    harm: (path: string) => appendFile(path, " "),
  },
  {
    damage: "the manifest is lost",
    file: "bikes/current/MANIFEST.json",
    harm: (path: string) => unlink(path),
  },
  {
    damage: "the model has other bytes",
    file: "bikes/current/model.ubj",
    harm: (path: string) => writeFile(path, "other"),
  },
  { damage: "the model is lost", file: "bikes/current/model.ubj", harm: (path: string) => unlink(path) },
  {
    damage: "the version's directory is lost",
    file: "bikes/versions",
    harm: async (path: string) => {
      await rm(path, { recursive: true });
      await mkdir(path);
    },
  },
];

describe("a damaged champion is found, and nothing that a reader sees is touched", () => {
  test.each(damages)("$damage", async ({ file, harm }) => {
    await using volume = await modelsVolume();
    const { version } = await wholeRun(volume.path, { runUid: "first" });
    const path = join(volume.path, file);
    const named = file === "bikes/versions" ? join(path, version) : await realpath(path);
    await harm(path);
    await mkdir(join(volume.path, "bikes/versions/20250101T000000Z-half"));
    const before = await snapshot(volume.path);
    await mkdir(join(volume.path, "bikes/.staging/old"));

    const directory = await openModelDirectory(volume.path, "bikes");
    const standing = await repair(directory, quiet);
    if (standing.kind !== "unusable") throw new Error(`The champion is ${standing.kind}`);
    expect(standing.problem).toContain(named);
    expect(standing.pointer?.version).toBe(file === current ? undefined : version);
    const sentence = unusableSentence(directory, standing);
    expect(sentence).toContain(standing.problem);
    expect(sentence).toMatch(/npm run models -- restore.*spec\.restore.*spec\.force/);
    expect(await snapshot(volume.path)).toEqual(before);
  });

  test("CURRENT.json and history are lost, but a whole version is there", async () => {
    await using volume = await modelsVolume();
    await wholeRun(volume.path);
    for (const name of ["CURRENT.json", "current", "history"]) {
      await rm(join(volume.path, "bikes", name), { recursive: true });
    }
    const standing = await repair(await openModelDirectory(volume.path, "bikes"), quiet);
    expect(standing).toMatchObject({ kind: "unusable", pointer: undefined, claimed: 0 });
  });

  test("but a volume that does not let itself be read says nothing about the champion", async () => {
    await using volume = await modelsVolume();
    const { path } = await wholeRun(volume.path);
    await rm(join(path, "model.ubj"));
    await mkdir(join(path, "model.ubj"));
    const directory = await openModelDirectory(volume.path, "bikes");
    await expect(repair(directory, quiet)).rejects.toMatchObject({ reason: "VolumeError" });
  });
});

describe("repair()", () => {
  test("finds nothing on a first run and the champion after it", async () => {
    await using volume = await modelsVolume();
    const directory = await openModelDirectory(volume.path, "bikes");
    expect(await repair(directory, quiet)).toEqual({ kind: "first" });
    const { version } = await wholeRun(volume.path);
    expect(await repair(directory, quiet)).toMatchObject({ kind: "sound", pointer: { version } });
  });

  test.each(["old-target", "removed"])("lets the links follow CURRENT.json: %s", async (state) => {
    await using volume = await modelsVolume();
    const first = await wholeRun(volume.path, { runUid: "first" });
    const second = await wholeRun(volume.path, { runUid: "second" });
    for (const name of ["current", "xgboost_v1.ubj"]) await unlink(join(volume.path, "bikes", name));
    if (state === "old-target")
      await symlink(`versions/${first.version}`, join(volume.path, "bikes", "current"));
    await repair(await openModelDirectory(volume.path, "bikes"), quiet);
    expect(await versionSeenByReaders(volume.path)).toBe(second.version);
    await expectTidy(volume.path);
  });

  test("sets a claim aside that was never written to its end, and does not use its number again", async () => {
    await using volume = await modelsVolume();
    await wholeRun(volume.path, { runUid: "first" });
    await writeFile(join(volume.path, "bikes/history/000002.json"), "");
    expect((await wholeRun(volume.path, { runUid: "second" })).generation).toBe(3);
    await expectTidy(volume.path);
  });

  test("abandons a claim whose staging directory somebody has removed", async () => {
    await using volume = await modelsVolume();
    await wholeRun(volume.path, { runUid: "first" });
    const first = await readFile(join(volume.path, "bikes/history/000001.json"), "utf8");
    const claim = first
      .replace('"committed"', '"intended"')
      .replace('"generation": 1', '"generation": 2')
      .replace('Z-first"', 'Z-other"');
    await writeFile(join(volume.path, "bikes/history/000002.json"), claim);
    expect((await wholeRun(volume.path, { runUid: "second" })).generation).toBe(3);
    await expectTidy(volume.path);
  });
});

describe("a generation whose run was killed between its commit and its history", () => {
  test.each(["intended", "abandoned"])("is marked committed by the next run: %s", async (state) => {
    await using volume = await modelsVolume();
    const { version } = await wholeRun(volume.path, { runUid: "first" });
    const path = join(volume.path, "bikes/history/000001.json");
    await writeFile(path, (await readFile(path, "utf8")).replace("committed", state));
    const directory = await openModelDirectory(volume.path, "bikes");
    await repair(directory, quiet);
    expect(await finishedRun(directory, "first")).toMatchObject({ to: version, state: "committed" });
    expect(await finishedRun(directory, "second")).toBeUndefined();
    await expectTidy(volume.path);
  });
});

describe("what repair() removes and refuses", () => {
  test("removes an incomplete version that was never current, and keeps a complete one that it does not know", async () => {
    await using volume = await modelsVolume();
    const { path } = await wholeRun(volume.path);
    const versions = join(volume.path, "bikes/versions");
    await mkdir(join(versions, "20250101T000000Z-half"));
    await writeFile(join(versions, "20250101T000000Z-half/model.ubj"), "half");
    await cp(path, join(versions, "20250101T000000Z-copied"), { recursive: true });
    await mkdir(join(versions, ".snapshot"));

    const said: string[] = [];
    await repair(await openModelDirectory(volume.path, "bikes"), (sentence) => void said.push(sentence));
    expect((await readdir(versions)).sort()).toEqual([
      ".snapshot",
      "20250101T000000Z-copied",
      "20261201T120000Z-0f0e0d0c",
    ]);
    expect(said).toEqual([
      expect.stringMatching(/^Left .*-copied alone/),
      expect.stringMatching(/^Removed .*-half/),
    ]);
  });

  test("keeps a version that history says was committed, even when its manifest is lost", async () => {
    await using volume = await modelsVolume();
    const first = await wholeRun(volume.path, { runUid: "first" });
    await wholeRun(volume.path, { runUid: "second" });
    await unlink(join(first.path, "MANIFEST.json"));
    await wholeRun(volume.path, { runUid: "third" });
    expect((await expectTidy(volume.path)).generation).toBe(3);
  });

  test("refuses to replace a file that has a link's name but is none", async () => {
    await using volume = await modelsVolume();
    const directory = await openModelDirectory(volume.path, "bikes");
    await writeFile(join(directory.path, "xgboost_v1.pkl"), "the old service's model");
    await expect(repair(directory, quiet)).rejects.toThrow(/xgboost_v1.pkl is no symbolic link.*Move it/);
    expect(await readFile(join(directory.path, "xgboost_v1.pkl"), "utf8")).toBe("the old service's model");
  });
});
