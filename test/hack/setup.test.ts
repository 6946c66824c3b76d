import { access, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";

import { ensureLibrary, type Way } from "../../hack/setup.ts";
import { settle, verify } from "../../hack/xgboost/wheel.ts";
import { cachedLibrary, cachedWheel, findLibrary } from "../../trainer/xgboost/library.ts";

let real: string;
let cacheDir: string;
beforeAll(async () => {
  ({ path: real } = await ensureLibrary(() => undefined));
}, 300_000);
beforeEach(async () => {
  cacheDir = await mkdtemp(path.join(tmpdir(), "setup-"));
});
afterEach(async () => {
  await rm(cacheDir, { recursive: true });
});

/** Puts a library below `root` where an unpacked wheel has it. */
async function wheelAt(root: string, library = real): Promise<string> {
  await mkdir(path.join(root, "xgboost", "lib"), { recursive: true });
  await symlink(library, path.join(root, "xgboost", "lib", "libxgboost.so"));
  return root;
}

/** Ways that note when they are tried; one that fails says why, another one brings the library. */
function ways(tried: string[], fates: Readonly<Record<string, string>>): Way[] {
  return Object.entries(fates).map(([name, fate]) => ({
    name,
    brings: name === "apt-get" ? "system" : "pinned",
    fetch: async (search) => {
      tried.push(name);
      if (fate === "brings it") await wheelAt(cachedWheel(search.cacheDir));
      else if (fate !== "brings nothing") throw new Error(fate);
    },
  }));
}

describe("ensureLibrary()", () => {
  test("fetches nothing when there is a library, and says in one line which", async () => {
    await wheelAt(cachedWheel(cacheDir));
    const lines: string[] = [];
    const tried: string[] = [];
    const say = (line: string): void => void lines.push(line);
    const found = await ensureLibrary(say, { cacheDir, system: [] }, ways(tried, { pip: "brings it" }));
    expect(found.source).toBe("cache");
    expect(lines).toEqual([`libxgboost: ${cachedLibrary(cacheDir)} (cache)`]);
    expect(tried).toEqual([]);
  });

  test("goes on to the next way after one that failed, and no further", async () => {
    const tried: string[] = [];
    const all = ways(tried, { pip: "no network", "apt-get": "brings it", third: "brings it" });
    const found = await ensureLibrary(() => undefined, { cacheDir, system: [] }, all);
    expect(found.path).toBe(cachedLibrary(cacheDir));
    expect(tried).toEqual(["pip", "apt-get"]);
  });

  test("fetches the pinned one where only the system has a library", async () => {
    const tried: string[] = [];
    const all = ways(tried, { pip: "brings it", "apt-get": "brings it" });
    const found = await ensureLibrary(() => undefined, { cacheDir, system: [real] }, all);
    expect(found.source).toBe("cache");
    expect(tried).toEqual(["pip"]);
  });

  test("is content with the system's library where the pinned one cannot be fetched, and says why", async () => {
    const tried: string[] = [];
    const lines: string[] = [];
    const all = ways(tried, { pip: "no network", "apt-get": "brings it" });
    const found = await ensureLibrary((line) => void lines.push(line), { cacheDir, system: [real] }, all);
    expect(found).toMatchObject({ source: "system", path: real });
    expect(tried).toEqual(["pip"]);
    expect(lines).toEqual(["pip: no network", `libxgboost: ${real} (system)`]);
  });

  test("names every way and why it failed", async () => {
    const all = ways([], { pip: "no network", "apt-get": "it needs root", third: "brings nothing" });
    const work = ensureLibrary(() => undefined, { cacheDir, system: [] }, all);
    await expect(work).rejects.toMatchObject({ reason: "LibraryMissing" });
    await expect(work).rejects.toThrow(
      /pip: no network; apt-get: it needs root; third: what it brought does not fit$/u,
    );
  });
});

describe("verify()", () => {
  test("accepts the sum of the file and refuses another one", async () => {
    const file = path.join(cacheDir, "a.whl");
    await writeFile(file, "abc");
    const sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    await expect(verify(file, sum)).resolves.toBeUndefined();
    await expect(verify(file, sum.replace("ba", "ab"))).rejects.toThrow(
      `a.whl has the sha256 ${sum}, expected was ab7816`,
    );
  });
});

describe("settle()", () => {
  test("lets two setups at once both end well", async () => {
    const wheels = await Promise.all(
      ["a", "b", "c"].map((name) => wheelAt(path.join(cacheDir, ".work", name))),
    );
    await Promise.all(wheels.map((wheel) => settle(wheel, cacheDir)));
    expect(findLibrary({ cacheDir, system: [] }).source).toBe("cache");
    expect(await readdir(path.join(cacheDir, ".work"))).toHaveLength(2);
  });

  test("replaces what does not fit", async () => {
    const text = path.join(cacheDir, "text");
    await writeFile(text, "half a library");
    await wheelAt(cachedWheel(cacheDir), text);
    await settle(await wheelAt(path.join(cacheDir, ".work", "a")), cacheDir);
    expect(findLibrary({ cacheDir, system: [] }).passedOver).toEqual([]);
    await expect(access(path.join(cacheDir, ".work", "a-unfit"))).resolves.toBeUndefined();
  });
});
