import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";

import { openModelDirectory } from "../../../trainer/publish/directory.ts";
import { pinVersion, readPins, unpinVersion } from "../../../trainer/publish/pins.ts";
import { december, publishDaily } from "../models/scene.ts";
import { modelsVolume } from "./scene.ts";

const pin = { by: "ann@desk", why: "before the bridge opened", at: december(3).toISOString() };

describe("pins", () => {
  test("stay until they are taken away, one file a version", async () => {
    await using volume = await modelsVolume();
    const [first = "", second = ""] = await publishDaily(volume.path, 2);
    const directory = await openModelDirectory(volume.path, "bikes");
    expect(await readPins(directory)).toEqual(new Map());
    await pinVersion(directory, first, pin);
    await pinVersion(directory, second, pin);
    await pinVersion(directory, second, { ...pin, why: "another reason" });
    expect(await readPins(directory)).toEqual(
      new Map([
        [first, pin],
        [second, { ...pin, why: "another reason" }],
      ]),
    );
    await unpinVersion(directory, second);
    expect(await readPins(directory)).toEqual(new Map([[first, pin]]));
    expect(await readdir(directory.pins)).toEqual([`${first}.json`]);
    expect(await readdir(directory.staging)).toEqual([]);
  });

  test("are refused for a version that does not exist, naming those that do", async () => {
    await using volume = await modelsVolume();
    const [first = "", second = ""] = await publishDaily(volume.path, 2);
    const directory = await openModelDirectory(volume.path, "bikes");
    const pinning = pinVersion(directory, "20260101T000000Z-none", pin);
    await expect(pinning).rejects.toMatchObject({ reason: "BadConfiguration" });
    await expect(pinning).rejects.toThrow(
      `Cannot pin 20260101T000000Z-none: there is no such version. There are: ${first}, ${second}.`,
    );
    expect(await readdir(directory.pins)).toEqual([]);
  });

  test("cannot be taken from a version that has none", async () => {
    await using volume = await modelsVolume();
    const [first = "", second = ""] = await publishDaily(volume.path, 2);
    const directory = await openModelDirectory(volume.path, "bikes");
    await expect(unpinVersion(directory, first)).rejects.toThrow(/it is not pinned\. There are: none\./);
    await pinVersion(directory, second, pin);
    await expect(unpinVersion(directory, first)).rejects.toThrow(`There are: ${second}.`);
    await expect(unpinVersion(directory, first)).rejects.toMatchObject({ reason: "BadConfiguration" });
  });

  test("that cannot be read are an error, and can be made anew", async () => {
    await using volume = await modelsVolume();
    const [first = ""] = await publishDaily(volume.path, 1);
    const directory = await openModelDirectory(volume.path, "bikes");
    const path = join(directory.pins, `${first}.json`);
    await writeFile(path, "{}");
    for (const name of ["README.json", "20251201T010000Z-copy"]) {
      await writeFile(join(directory.pins, name), "not ours");
    }
    await expect(readPins(directory)).rejects.toThrow(`Cannot read the pin ${path}: by:`);
    await expect(readPins(directory)).rejects.toMatchObject({ reason: "VolumeError" });
    await pinVersion(directory, first, pin);
    expect(await readPins(directory)).toEqual(new Map([[first, pin]]));
  });
});
