import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";

import { makeImage, type ImagePlan } from "../../hack/images/archive.ts";
import { DirectoryCache } from "../../hack/images/cache.ts";
import { fingerprint, text, tree } from "../../hack/images/files.ts";
import { pauseProgram } from "../../hack/images/pause.ts";
import { program } from "../../hack/images/programs.ts";

let directory: string;
let cache: DirectoryCache;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "images-"));
  cache = new DirectoryCache(path.join(directory, "cache"));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

const silent = (): void => undefined;
const day = 24 * 3_600_000;

describe("the pause program", () => {
  test("sleeps until it is killed", async () => {
    const file = path.join(directory, "pause");
    await writeFile(file, pauseProgram(process.arch), { mode: 0o755 });
    const child = spawn(file, { stdio: "ignore" });
    const ended = once(child, "exit");
    await once(child, "spawn");
    const status = `/proc/${String(child.pid)}/status`;
    while (!(await readFile(status, "utf8")).includes("State:\tS (sleeping)")) await setTimeout(1);
    child.kill("SIGKILL");
    expect(await ended).toEqual([null, "SIGKILL"]);
  });

  test("cannot be made for a machine whose code is not known", () => {
    expect(() => pauseProgram("s390x")).toThrow(
      "Cannot make the pause image for s390x: only for x64 and arm64",
    );
  });
});

describe("an image", () => {
  const plan = (content: string): ImagePlan => ({
    name: "localhost/small:1",
    layers: {
      base: new Map([["/etc/name", text("base\n")]]),
      app: new Map([["/app/main", { content, mode: 0o711 }]]),
    },
    entrypoint: ["/app/main"],
    environment: { PATH: "/bin" },
    user: "65532:65532",
  });

  test("is what docker save writes: a manifest, a config and a tar for each layer, named by their digests", async () => {
    const image = await makeImage(plan("one"), cache, silent);
    const read = async (name: string): Promise<string> =>
      await readFile(path.join(image.directory, name), "utf8");
    const [manifest] = JSON.parse(await read("manifest.json")) as [
      { Config: string; RepoTags: string[]; Layers: string[] },
    ];
    expect(manifest.RepoTags).toEqual(["localhost/small:1"]);
    const config = JSON.parse(await read(manifest.Config)) as { rootfs: { diff_ids: string[] } };
    expect(config).toMatchObject({
      os: "linux",
      config: { Entrypoint: ["/app/main"], Env: ["PATH=/bin"], User: "65532:65532" },
    });
    const sums = await Promise.all(manifest.Layers.map((layer) => sumOf(path.join(image.directory, layer))));
    expect(config.rootfs.diff_ids).toEqual(sums.map((sum) => `sha256:${sum}`));
    expect(manifest.Layers).toEqual(sums.map((sum) => `${sum}.tar`));
    const listed = execFileSync("tar", [
      "-tvf",
      path.join(image.directory, manifest.Layers[1] ?? ""),
    ]).toString();
    expect(listed).toMatch(/^-rwxr-xr-x 0\/0 +3 1970-01-01 00:00 \.\/app\/main$/m);
  });

  test("shares the layers that have not changed, and is packed once", async () => {
    const lines: string[] = [];
    const say = (line: string): void => void lines.push(line);
    const one = await makeImage(plan("one"), cache, say);
    const two = await makeImage(plan("two"), cache, say);
    expect(await makeImage(plan("one"), cache, say)).toEqual(one);
    expect(two.directory).not.toBe(one.directory);
    const packed = lines.filter((line) => line.startsWith("packing"));
    expect(packed).toEqual(["packing base (1 files)", "packing app (1 files)", "packing app (1 files)"]);
  });

  const sumOf = async (file: string): Promise<string> =>
    createHash("sha256")
      .update(await readFile(file))
      .digest("hex");
});

describe("the cache", () => {
  test("keeps what was made whole only", async () => {
    const failing = cache.get("a", () => Promise.reject(new Error("no")));
    await expect(failing).rejects.toThrow("no");
    expect(await readdir(path.join(directory, "cache"))).toEqual([]);
  });

  test("lets two makers of the same end well", async () => {
    const make = async (work: string) => {
      await writeFile(path.join(work, "file"), "");
    };
    const [one, two] = await Promise.all([cache.get("a", make), cache.get("a", make)]);
    expect(one).toBe(two);
    expect(await readdir(path.join(directory, "cache"))).toEqual(["a"]);
  });

  test("drops what nobody asked for in a month", async () => {
    for (const name of ["asked", "old", ".unfinished-1"]) {
      await mkdir(path.join(directory, "cache", name), { recursive: true });
      await utimes(path.join(directory, "cache", name), 0, 0);
    }
    const asked = await cache.get("asked", () => Promise.reject(new Error("made anew")));
    await cache.prune(new Date(Date.now() + 29 * day));
    expect(await readdir(path.join(directory, "cache"))).toEqual([path.basename(asked)]);
  });
});

describe("files", () => {
  test("have a fingerprint that changes with content, place and time, and not with order", async () => {
    const file = path.join(directory, "a.ts");
    await writeFile(file, "1");
    const of = async () => await fingerprint(await tree(directory, "/app", (name) => name === "a.ts"));
    const first = await of();
    await utimes(file, 7, 7);
    expect(await of()).not.toBe(first);
    const pairs = [["/a", text("1")] as const, ["/b", text("2")] as const];
    expect(await fingerprint(new Map(pairs))).toBe(await fingerprint(new Map(pairs.toReversed())));
    expect(await fingerprint(new Map(pairs))).not.toBe(
      await fingerprint(
        new Map([
          ["/a", text("2")],
          ["/b", text("1")],
        ]),
      ),
    );
  });

  test("of a program are it and the libraries that the loader takes", async () => {
    const places = [...(await program("/bin/node", process.execPath)).keys()];
    expect(places[0]).toBe("/bin/node");
    expect(places).toContainEqual(expect.stringMatching(/\/libc\.so\.6$/));
    expect(places).toContainEqual(expect.stringMatching(/\/ld-linux/));
  });
});
