import { mkdir, truncate, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";

import { diff } from "../../../trainer/models/diff.ts";
import { list } from "../../../trainer/models/list.ts";
import { show } from "../../../trainer/models/show.ts";
import { openModelDirectory } from "../../../trainer/publish/directory.ts";
import { pinVersion } from "../../../trainer/publish/pins.ts";
import { modelsVolume, wholeRestore } from "../publish/scene.ts";
import { december, publishDaily, publishVersion } from "./scene.ts";
import { around } from "./surroundings.ts";

const first = "20251201T010000Z-run1";
const second = "20251202T010000Z-run2";

describe("list()", () => {
  test("says what every version is", async () => {
    await using volume = await modelsVolume();
    await publishDaily(volume.path, 2);
    await wholeRestore(volume.path, first, { now: december(3), hold: { until: december(20).toISOString() } });
    const directory = await openModelDirectory(volume.path, "bikes");
    await pinVersion(directory, second, { by: "ann", why: "x", at: december(3).toISOString() });
    const flagsOn = async (day: number) => {
      const { document } = await list(around(volume.path, { clock: () => december(day) }), {
        model: "bikes",
      });
      return (document as { versions: { flags: string[] }[] }).versions.map(({ flags }) => flags);
    };
    expect(await flagsOn(19)).toEqual([
      ["current", "held"],
      ["previous", "pinned"],
    ]);
    expect(await flagsOn(20)).toEqual([["current"], ["previous", "pinned"]]);
  });

  test("tells of a damaged CURRENT.json and of a lost report, and still lists", async () => {
    await using volume = await modelsVolume();
    await publishDaily(volume.path, 2);
    await truncate(join(volume.path, "bikes/CURRENT.json"), 8);
    await unlink(join(volume.path, "bikes/versions", first, "report.json"));
    const { text, document } = await list(around(volume.path), { model: "bikes" });
    expect(document).toMatchObject({ problem: "its 8 bytes are no complete JSON document" });
    expect(text).toEqual([
      expect.objectContaining({ rows: [expect.anything(), expect.anything()] }),
      "CURRENT.json cannot be read: its 8 bytes are no complete JSON document.",
      `${first}: report.json: it does not exist.`,
    ]);
  });

  test("of a volume without a model, and of a model without a version", async () => {
    await using volume = await modelsVolume();
    expect((await list(around(volume.path), { model: undefined })).text).toEqual([
      `There is no model in ${volume.path}.`,
    ]);
    await openModelDirectory(volume.path, "bikes");
    expect((await list(around(volume.path), { model: "bikes" })).text).toEqual(["bikes has no version yet."]);
  });
});

describe("show()", () => {
  test("of a version without a report tells what is known", async () => {
    await using volume = await modelsVolume();
    const { version } = await publishVersion(volume.path, { report: null });
    const { text, document } = await show(around(volume.path), { model: "bikes", version: "current" });
    expect(document).toMatchObject({
      version,
      problem: "report.json: it does not exist",
      history: [{ generation: 1, to: version }],
      files: { "model.ubj": { size: expect.any(Number) } },
    });
    expect(document).not.toHaveProperty("report");
    expect(text).toContain("report.json: it does not exist.");
  });

  test("has the history of what made it current and of what replaced it", async () => {
    await using volume = await modelsVolume();
    await publishDaily(volume.path, 3);
    const { document } = await show(around(volume.path), { model: "bikes", version: second });
    expect(document).toMatchObject({ history: [{ to: second }, { from: second }] });
  });
});

describe("diff()", () => {
  test("names the stations that came and went", async () => {
    await using volume = await modelsVolume();
    await publishVersion(volume.path, { runUid: "a", stations: ["A", "B", "C"] });
    await publishVersion(volume.path, { runUid: "b", now: december(2), stations: ["B", "D", "C", "E"] });
    const { document, text } = await diff(around(volume.path), {
      model: "bikes",
      a: "previous",
      b: "current",
    });
    expect(document).toMatchObject({ stations: { added: ["D", "E"], removed: ["A"] } });
    expect(text).toContain("Stations added: D, E");
    expect(text).toContain("Stations removed: A");
  });

  test("refuses a version whose report cannot be read, and does without its stations", async () => {
    await using volume = await modelsVolume();
    await publishDaily(volume.path, 2);
    await writeFile(join(volume.path, "bikes/versions", first, "preprocessor.json"), "{}");
    const asked = { model: "bikes", a: first, b: second };
    expect((await diff(around(volume.path), asked)).document).toMatchObject({ stations: undefined });
    await truncate(join(volume.path, "bikes/versions", first, "report.json"), 5);
    await expect(diff(around(volume.path), asked)).rejects.toMatchObject({
      reason: "VolumeError",
      message: expect.stringMatching(/^Cannot compare 20251201T010000Z-run1: report\.json: its 5 bytes/),
    });
  });
});

test("a directory without versions is no model", async () => {
  await using volume = await modelsVolume();
  await mkdir(join(volume.path, "bikes"));
  await expect(show(around(volume.path), { model: "bikes", version: "current" })).rejects.toThrow(
    /Cannot find the model "bikes" .* found no model at all/,
  );
});
