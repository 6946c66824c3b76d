import { chmod, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";

import { ensureBinaries, findBinaries, programs } from "../../hack/cluster/binaries.ts";
import { builtDirectory, compilerProgress, removeKilledBuilds } from "../../hack/cluster/build.ts";

let root: string;
let cacheDir: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "binaries-"));
  cacheDir = path.join(root, "cache");
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

/** Something that may be run, of every name but those left out. */
async function fill(directory: string, without: readonly string[] = []): Promise<string> {
  await mkdir(directory, { recursive: true });
  const names = programs.filter((name) => !without.includes(name));
  for (const name of names) await writeFile(path.join(directory, name), "", { mode: 0o755 });
  return directory;
}

describe("findBinaries()", () => {
  test("takes KUBEBUILDER_ASSETS before the cache", async () => {
    const explicit = await fill(path.join(root, "assets"));
    await fill(await builtDirectory(cacheDir));
    expect(await findBinaries({ explicit, cacheDir })).toEqual({
      directory: explicit,
      source: "KUBEBUILDER_ASSETS",
    });
  });

  test("takes the cache where nothing is named", async () => {
    const directory = await fill(await builtDirectory(cacheDir));
    for (const explicit of [undefined, ""]) {
      expect(await findBinaries({ explicit, cacheDir })).toEqual({ directory, source: "cache" });
    }
  });

  test("passes over assets without a controller manager, as envtest's are, and says so", async () => {
    const explicit = await fill(path.join(root, "assets"), ["kube-controller-manager"]);
    const directory = await fill(await builtDirectory(cacheDir));
    const lines: string[] = [];
    expect(await findBinaries({ explicit, cacheDir }, (line) => void lines.push(line))).toEqual({
      directory,
      source: "cache",
    });
    expect(lines).toEqual([`KUBEBUILDER_ASSETS: ${explicit} has no kube-controller-manager: passed over`]);
  });

  test("finds nothing in an empty cache, nor what may not be run", async () => {
    expect(await findBinaries({ cacheDir })).toBeUndefined();
    const directory = await fill(await builtDirectory(cacheDir));
    await chmod(path.join(directory, "etcd"), 0o644);
    expect(await findBinaries({ cacheDir })).toBeUndefined();
  });
});

describe("ensureBinaries()", () => {
  const silent = (): void => undefined;

  test("builds nothing where there are binaries", async () => {
    await fill(await builtDirectory(cacheDir));
    const build = () => Promise.reject(new Error("built"));
    expect(await ensureBinaries(silent, { cacheDir }, build)).toMatchObject({ source: "cache" });
  });

  test("builds where there are none", async () => {
    const build = async (into: string) => {
      await fill(await builtDirectory(into));
    };
    expect(await ensureBinaries(silent, { cacheDir }, build)).toMatchObject({ source: "cache" });
  });

  test("says why it cannot build, and what to do", async () => {
    const build = () => Promise.reject(new Error("go: not found"));
    await expect(ensureBinaries(silent, { cacheDir }, build)).rejects.toThrow(
      "Cannot build Kubernetes: go: not found; install Go (https://go.dev/dl), or set KUBEBUILDER_ASSETS to a directory with etcd, kube-apiserver, kube-controller-manager, kubectl",
    );
  });

  test("does not take a build that left a program out", async () => {
    const build = async (into: string) => {
      await fill(await builtDirectory(into), ["kubectl"]);
    };
    await expect(ensureBinaries(silent, { cacheDir }, build)).rejects.toThrow("programs are missing");
  });
});

test("the cache's directory names the version and the machine", async () => {
  expect(path.relative(cacheDir, await builtDirectory(cacheDir))).toMatch(
    new RegExp(`^kubernetes-v1\\.\\d+\\.\\d+-${process.arch}-[0-9a-f]{12}$`, "u"),
  );
});

test("what a killed build left is removed after a day", async () => {
  const day = 24 * 3_600_000;
  for (const name of [".kubernetes-old", ".kubernetes-new", "xgboost"]) {
    await mkdir(path.join(cacheDir, name), { recursive: true });
  }
  await utimes(path.join(cacheDir, ".kubernetes-old"), 0, 0);
  await utimes(path.join(cacheDir, ".kubernetes-new"), 60, 60);
  await removeKilledBuilds(cacheDir, new Date(day + 30_000));
  expect((await readdir(cacheDir)).toSorted()).toEqual([".kubernetes-new", "xgboost"]);
});

test("a build says how far it is, and what is not a package's name", () => {
  const lines: string[] = [];
  const hear = compilerProgress((line) => void lines.push(line));
  for (let i = 0; i < 250; i++) hear("  k8s.io/api/core/v1");
  hear("  go: downloading k8s.io/api v0.34.4");
  expect(lines).toEqual([
    "  100 packages compiled",
    "  200 packages compiled",
    "  go: downloading k8s.io/api v0.34.4",
  ]);
});
