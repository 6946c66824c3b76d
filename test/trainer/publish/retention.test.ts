import { readdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { RunFailure } from "../../../trainer/errors.ts";
import { openModelDirectory } from "../../../trainer/publish/directory.ts";
import { pinVersion } from "../../../trainer/publish/pins.ts";
import {
  pruneVersions,
  retained,
  type Retainable,
  type RetentionRule,
} from "../../../trainer/publish/retention.ts";
import { december, publishDaily } from "../models/scene.ts";
import { expectTidy, modelsVolume, quiet } from "./scene.ts";

const now = december(31);
const hour = 3_600_000;
const hoursAgo = (hours: number): Date => new Date(now.getTime() - hours * hour);

interface City {
  readonly versions: readonly Retainable[];
  readonly rule: RetentionRule;
}

/** Any volume: generations with gaps in any order, some versions unknown to history, young, pinned or of unknown age. */
const cities: fc.Arbitrary<City> = fc
  .uniqueArray(
    fc.record({
      generation: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
      hours: fc.option(fc.integer({ min: -5, max: 60 }), { nil: undefined }),
      isPinned: fc.boolean(),
    }),
    { selector: ({ generation }) => generation ?? {}, maxLength: 30 },
  )
  .chain((drawn) => {
    const versions = drawn.map(({ generation, hours }, i) => ({
      version: `v${String(i)}`,
      generation,
      createdAt: hours === undefined ? undefined : hoursAgo(hours),
    }));
    const name = fc.constantFrom(undefined, ...versions.map(({ version }) => version));
    const pinned = new Set(versions.filter((_, i) => drawn[i]?.isPinned).map(({ version }) => version));
    return fc
      .record({ keep: fc.integer({ min: 1, max: 15 }), currentVersion: name, previousVersion: name })
      .map((rest) => ({ versions, rule: { ...rest, now, pinned } }));
  });

describe("retained()", () => {
  test("lets a version go exactly when nothing speaks for it", () => {
    fc.assert(
      fc.property(cities, ({ versions, rule }) => {
        const decided = retained(versions, rule);
        expect(decided.map(({ version }) => version)).toEqual(versions.map(({ version }) => version));
        for (const [i, { version, generation, createdAt }] of versions.entries()) {
          const newer = versions.filter((other) => (other.generation ?? 0) > (generation ?? Infinity)).length;
          const speaksForIt = [
            version === rule.currentVersion,
            version === rule.previousVersion,
            rule.pinned.has(version),
            generation === undefined,
            newer < rule.keep,
            createdAt === undefined || createdAt > hoursAgo(24),
          ];
          expect(decided[i]?.keep).toBe(speaksForIt.includes(true));
        }
      }),
    );
  });

  test("keeps no more than it must, and does not depend on the order of the list", () => {
    fc.assert(
      fc.property(cities, ({ versions, rule }) => {
        const kept = (list: readonly Retainable[]) =>
          retained(list, rule)
            .flatMap(({ version, keep }) => (keep ? version : []))
            .sort();
        expect(kept(versions.toReversed())).toEqual(kept(versions));
        const again = versions.filter(({ version }) => kept(versions).includes(version));
        expect(kept(again)).toEqual(kept(versions));
      }),
    );
  });
});

describe("retained() says why:", () => {
  test.each<{
    what: string;
    version: Partial<Retainable>;
    rule: Partial<RetentionRule>;
    why: string;
    keep: boolean;
  }>([
    { what: "current", version: {}, rule: { currentVersion: "v" }, why: "it is current", keep: true },
    {
      what: "previous",
      version: {},
      rule: { previousVersion: "v" },
      why: "it was current before",
      keep: true,
    },
    { what: "pinned", version: {}, rule: { pinned: new Set(["v"]) }, why: "it is pinned", keep: true },
    { what: "by hand", version: { generation: undefined }, rule: {}, why: "no history names it", keep: true },
    { what: "new", version: { generation: 9 }, rule: {}, why: "it is of the newest 2", keep: true },
    {
      what: "23 hours old",
      version: { createdAt: hoursAgo(23) },
      rule: {},
      why: "it is younger than 24 hours",
      keep: true,
    },
    {
      what: "of unknown age",
      version: { createdAt: undefined },
      rule: {},
      why: "nothing tells its age",
      keep: true,
    },
    {
      what: "24 hours old",
      version: { createdAt: hoursAgo(24) },
      rule: {},
      why: "older than the newest 2",
      keep: false,
    },
  ])("$what", ({ version, rule, why, keep }) => {
    const others = [7, 8].map((generation) => ({
      version: String(generation),
      generation,
      createdAt: december(1),
    }));
    const versions = [{ version: "v", generation: 1, createdAt: december(1), ...version }, ...others];
    const whole = {
      keep: 2,
      now,
      currentVersion: "8",
      previousVersion: "7",
      pinned: new Set<string>(),
      ...rule,
    };
    expect(retained(versions, whole)[0]).toEqual({ version: "v", keep, why });
  });
});

const held = { assertHeld: () => Promise.resolve() };
const pruning = { lock: held, keep: 1, now, dryRun: false, say: quiet };

describe("pruneVersions()", () => {
  test("removes nothing once the lock is lost", async () => {
    await using volume = await modelsVolume();
    await publishDaily(volume.path, 3);
    const directory = await openModelDirectory(volume.path, "bikes");
    const lost = {
      assertHeld: () => Promise.reject(new RunFailure("ModelLocked", "Another run took it over")),
    };
    await expect(pruneVersions(directory, { ...pruning, lock: lost })).rejects.toMatchObject({
      reason: "ModelLocked",
    });
    expect(await readdir(directory.versions)).toHaveLength(3);
  });

  test("removes the oldest, and keeps current, previous and pinned ones", async () => {
    await using volume = await modelsVolume();
    const [first = "", second = "", third = "", fourth = ""] = await publishDaily(volume.path, 4);
    const directory = await openModelDirectory(volume.path, "bikes");
    await pinVersion(directory, first, { by: "ann", why: "the best", at: now.toISOString() });
    const said: string[] = [];
    const decided = await pruneVersions(directory, {
      ...pruning,
      say: (sentence) => void said.push(sentence),
    });
    expect(decided.filter(({ keep }) => !keep).map(({ version }) => version)).toEqual([second]);
    expect((await readdir(directory.versions)).sort()).toEqual([first, third, fourth]);
    expect(await readdir(directory.staging)).toEqual([]);
    expect(said).toEqual([`Removed version ${second}: older than the newest 1.`]);
  });

  test("removes nothing in a dry run, but says what it would", async () => {
    await using volume = await modelsVolume();
    const [first = ""] = await publishDaily(volume.path, 3);
    const said: string[] = [];
    const say = (sentence: string) => void said.push(sentence);
    await pruneVersions(await openModelDirectory(volume.path, "bikes"), { ...pruning, dryRun: true, say });
    expect(said).toEqual([`Would remove version ${first}: older than the newest 1.`]);
    await expectTidy(volume.path);
  });

  test("takes the age of a version without a manifest from the history", async () => {
    await using volume = await modelsVolume();
    const [first = ""] = await publishDaily(volume.path, 3);
    const directory = await openModelDirectory(volume.path, "bikes");
    await truncate(join(directory.versions, first, "MANIFEST.json"), 0);
    await pruneVersions(directory, { ...pruning, now: new Date(december(2).getTime() - 1) });
    expect(await readdir(directory.versions)).toContain(first);
    await pruneVersions(directory, { ...pruning, now: december(2) });
    expect(await readdir(directory.versions)).not.toContain(first);
  });
});

describe("pruneVersions() refuses", () => {
  test.each([
    { damage: "CURRENT.json", harm: "CURRENT.json" },
    { damage: "a pin", harm: "pins/20251201T010000Z-run1.json" },
  ])("removes nothing when $damage cannot be read", async ({ harm }) => {
    await using volume = await modelsVolume();
    await publishDaily(volume.path, 3);
    const directory = await openModelDirectory(volume.path, "bikes");
    await writeFile(join(directory.path, harm), "{");
    await expect(pruneVersions(directory, pruning)).rejects.toMatchObject({ reason: "VolumeError" });
    expect(await readdir(directory.versions)).toHaveLength(3);
  });

  test.each([0, -1, 1.5, NaN])("is not asked to keep %d", async (keep) => {
    await using volume = await modelsVolume();
    await publishDaily(volume.path, 1);
    const directory = await openModelDirectory(volume.path, "bikes");
    await expect(pruneVersions(directory, { ...pruning, keep })).rejects.toMatchObject({ reason: "Bug" });
  });
});
