import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";

import { ensureLibrary } from "../../../hack/setup.ts";
import { RunFailure } from "../../../trainer/errors.ts";
import { cacheDirectory, cachedLibrary, findLibrary } from "../../../trainer/xgboost/library.ts";

let real: string;
let directory: string;
beforeAll(async () => {
  ({ path: real } = await ensureLibrary(() => undefined));
}, 300_000);
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "library-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

const nothing = { cacheDir: "/nonexistent", system: [] };

async function fakeCache(): Promise<string> {
  await mkdir(path.dirname(cachedLibrary(directory)), { recursive: true });
  await symlink(real, cachedLibrary(directory));
  return cachedLibrary(directory);
}

describe("findLibrary()", () => {
  test("prefers the one that XGBOOST_LIBRARY names", async () => {
    await fakeCache();
    const found = findLibrary({ explicit: real, cacheDir: directory, system: [real] });
    expect(found).toEqual({ path: real, source: "XGBOOST_LIBRARY", passedOver: [] });
  });

  test("prefers the cache to the system", async () => {
    const cached = await fakeCache();
    const found = findLibrary({ cacheDir: directory, system: [real] });
    expect(found).toEqual({ path: cached, source: "cache", passedOver: [] });
  });

  test("falls back to the system and says what it passed over", () => {
    const found = findLibrary({ explicit: "/nonexistent.so", cacheDir: directory, system: ["/no.so", real] });
    expect(found).toEqual({
      path: real,
      source: "system",
      passedOver: ["/nonexistent.so (no such file)"],
    });
  });

  test("passes over a file that is no library", async () => {
    const text = path.join(directory, "text.so");
    await writeFile(text, "not a library");
    const found = findLibrary({ explicit: text, cacheDir: directory, system: [real] });
    expect(found).toMatchObject({
      path: real,
      passedOver: [expect.stringContaining(`${text} (it cannot be loaded: `)],
    });
  });

  test("refuses a library that lacks a function and names the library and the function", () => {
    expect(() => findLibrary({ ...nothing, explicit: anotherLibrary() })).toThrow(
      /passed over: .*libm\.so.* \(it lacks XGBoostVersion, .*XGQuantileDMatrixCreateFromCallback/u,
    );
  });

  test("names both ways out when there is none", () => {
    expect(() => findLibrary(nothing)).toThrow(RunFailure);
    expect(() => findLibrary(nothing)).toThrow(
      /npm run setup.*apt-get install libxgboost0.*XGBOOST_LIBRARY/u,
    );
    expect(() => findLibrary(nothing)).toThrow(expect.objectContaining({ reason: "LibraryMissing" }));
  });
});

/** A real library without any of the functions: the mathematics that this process has loaded. */
function anotherLibrary(): string {
  const { sharedObjects } = process.report.getReport() as { sharedObjects: string[] };
  return sharedObjects.find((file) => file.includes("libm.so")) ?? "none";
}

test.each([
  { environment: { XDG_CACHE_HOME: "/var/cache/me" }, want: "/var/cache/me/retrain-operator" },
  { environment: { XDG_CACHE_HOME: "" }, want: "/home/me/.cache/retrain-operator" },
  { environment: {}, want: "/home/me/.cache/retrain-operator" },
])("the cache of $environment is $want", ({ environment, want }) => {
  expect(cacheDirectory(environment, "/home/me")).toBe(want);
});
