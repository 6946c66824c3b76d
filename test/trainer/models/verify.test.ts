import {
  appendFile,
  cp,
  mkdir,
  open,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  unlink,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";

import type { Answer } from "../../../trainer/models/answer.ts";
import { verify } from "../../../trainer/models/verify.ts";
import { modelsVolume } from "../publish/scene.ts";
import { publishDaily } from "./scene.ts";
import { around } from "./surroundings.ts";

const first = "20251201T010000Z-run1";
const second = "20251202T010000Z-run2";

const verified = (models: string, version?: string): Promise<Answer> =>
  verify(around(models), { model: "bikes", version });

/** What the answer says about damage, one line each, without the volume's path. */
const damageIn = ({ document }: Answer, models: string): string[] =>
  (document as { damage: { path: string; expected: string; found: string }[] }).damage.map(
    ({ path, expected, found }) => `${path.replace(`${models}/bikes/`, "")}: ${expected} <> ${found}`,
  );

async function flipByte(path: string): Promise<void> {
  await using file = await open(path, "r+");
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, 7);
  await file.write(Uint8Array.of((buffer[0] ?? 0) ^ 1), 0, 1, 7);
}

const bytes = /\d+ bytes with SHA-256 [0-9a-f]{64}/.source;

interface Harmed<Line> {
  readonly what: string;
  readonly harm: (bikes: string) => Promise<unknown>;
  readonly says: readonly Line[];
}

const harmed: readonly Harmed<RegExp>[] = [
  {
    what: "a flipped byte in an older version",
    harm: (bikes) => flipByte(join(bikes, "versions", first, "model.ubj")),
    says: [new RegExp(`^versions/${first}/model.ubj: ${bytes} <> ${bytes}$`)],
  },
  {
    what: "several files of both versions",
    harm: async (bikes) => {
      await truncate(join(bikes, "versions", first, "preprocessor.json"), 3);
      await unlink(join(bikes, "versions", second, "report.json"));
      await flipByte(join(bikes, "versions", second, "model.ubj"));
    },
    says: [
      new RegExp(`^versions/${second}/model.ubj: `),
      new RegExp(`^versions/${second}/report.json: ${bytes} <> no such file$`),
      new RegExp(`^versions/${first}/preprocessor.json: ${bytes} <> 3 bytes with`),
    ],
  },
  {
    what: "a lost manifest of an older version",
    harm: (bikes) => unlink(join(bikes, "versions", first, "MANIFEST.json")),
    says: [new RegExp(`^versions/${first}/MANIFEST.json: the manifest of the version <> it does not exist$`)],
  },
  {
    what: "a version copied to another name",
    harm: (bikes) =>
      cp(join(bikes, "versions", first), join(bikes, "versions/20251203T010000Z-copy"), { recursive: true }),
    says: [
      /^versions\/20251203T010000Z-copy\/MANIFEST.json: .* of 20251203T010000Z-copy of bikes <> that of/,
    ],
  },
  {
    what: "another manifest of the current version",
    harm: (bikes) => appendFile(join(bikes, "versions", second, "MANIFEST.json"), " "),
    says: [new RegExp(`^versions/${second}/MANIFEST.json: SHA-256 .{64} by CURRENT.json <> SHA-256 .{64}$`)],
  },
  {
    what: "a lost current version",
    harm: (bikes) => rm(join(bikes, "versions", second), { recursive: true }),
    says: [new RegExp(`^versions/${second}/MANIFEST.json: the manifest that CURRENT.json names <> nothing$`)],
  },
  {
    what: "a cut CURRENT.json",
    harm: (bikes) => truncate(join(bikes, "CURRENT.json"), 9),
    says: [/^CURRENT.json: the current version's name <> its 9 bytes are no complete JSON document$/],
  },
  {
    what: "a lost CURRENT.json",
    harm: (bikes) => unlink(join(bikes, "CURRENT.json")),
    says: [/^CURRENT.json: the current version's name <> no such file$/],
  },
];

describe("verify()", () => {
  test("finds nothing wrong with what runs have published", async () => {
    await using volume = await modelsVolume();
    await publishDaily(volume.path, 2);
    const answer = await verified(volume.path);
    expect(answer).toMatchObject({ exitCode: 0, document: { sound: true, versions: [second, first] } });
    expect(answer.text).toEqual(["Sound: all files of 2 versions of bikes, CURRENT.json and the links."]);
  });

  test.each(harmed)("names every bad file: $what", async ({ harm, says }) => {
    await using volume = await modelsVolume();
    await publishDaily(volume.path, 2);
    await harm(join(volume.path, "bikes"));
    const answer = await verified(volume.path);
    expect(answer).toMatchObject({ exitCode: 74, document: { sound: false } });
    expect(damageIn(answer, volume.path)).toEqual(says.map((line) => expect.stringMatching(line)));
    expect(answer.text).toHaveLength(says.length + 1);
  });
});

describe("verify() and the links", () => {
  test.each<Harmed<string>>([
    {
      what: "current to another version",
      harm: (bikes) => relink(bikes, "current", `versions/${first}`),
      says: [`current: a link to versions/${second} <> a link to versions/${first}`],
    },
    {
      what: "no current",
      harm: (bikes) => unlink(join(bikes, "current")),
      says: [`current: a link to versions/${second} <> no link`],
    },
    {
      what: "a fixed name to a version",
      harm: (bikes) => relink(bikes, "xgboost_v1.ubj", `versions/${first}/model.ubj`),
      says: [`xgboost_v1.ubj: a link to current/model.ubj <> a link to versions/${first}/model.ubj`],
    },
    {
      what: "a file in the place of a link",
      harm: async (bikes) => {
        await unlink(join(bikes, "preprocessor_v1.json"));
        await writeFile(
          join(bikes, "preprocessor_v1.json"),
          await readFile(join(bikes, "current/preprocessor.json")),
        );
      },
      says: ["preprocessor_v1.json: a link to current/preprocessor.json <> no link"],
    },
    {
      what: "a link to a file that the version does not have",
      harm: (bikes) => symlink("current/compat/xgboost_v1.pkl", join(bikes, "xgboost_v1.pkl")),
      says: [
        "xgboost_v1.pkl: no link, for the version has no such file <> a link to current/compat/xgboost_v1.pkl",
      ],
    },
  ])("$what", async ({ harm, says }) => {
    await using volume = await modelsVolume();
    await publishDaily(volume.path, 2);
    await harm(join(volume.path, "bikes"));
    const answer = await verified(volume.path);
    expect(answer.exitCode).toBe(74);
    expect(damageIn(answer, volume.path)).toEqual(says);
  });
});

describe("verify() of one version", () => {
  test("does not look at the files of the others", async () => {
    await using volume = await modelsVolume();
    await publishDaily(volume.path, 2);
    await flipByte(join(volume.path, "bikes/versions", first, "model.ubj"));
    expect(await verified(volume.path, "current")).toMatchObject({
      exitCode: 0,
      document: { versions: [second] },
    });
    expect(await verified(volume.path, "previous")).toMatchObject({
      exitCode: 74,
      document: { versions: [first] },
    });
    await expect(verified(volume.path, "20200101T000000Z-none")).rejects.toThrow(
      `Cannot find the version "20200101T000000Z-none": found ${second}, ${first}.`,
    );
  });

  test("of a model without any version finds nothing wrong", async () => {
    await using volume = await modelsVolume();
    await mkdir(join(volume.path, "bikes/versions"), { recursive: true });
    await mkdir(join(volume.path, "bikes/history"));
    expect(await verified(volume.path)).toMatchObject({ exitCode: 0, document: { versions: [] } });
  });
});

async function relink(bikes: string, name: string, target: string): Promise<void> {
  await symlink(target, join(bikes, "other"));
  await rename(join(bikes, "other"), join(bikes, name));
}
