import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";

import { quick, startNodeScene, type NodePlace, type NodeScene } from "./node-scene.ts";

jest.setTimeout(300_000);
const marks = "/models/crashed-";

/**
 * Code that the trainer runs before its own: it ends it with 137, as SIGKILL does and without anything of it hearing so, once after each of
 * these renames to a name. The first process of a container cannot kill itself. The marks on the volume tell what has been done.
 */
const faults = (names: readonly string[]): string => `
import fs, { existsSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { syncBuiltinESMExports } from "node:module";
const { rename } = fs.promises;
fs.promises.rename = async (from, to) => {
  await rename(from, to);
  const name = to.includes("/versions/") ? "versions" : basename(to);
  const mark = ${JSON.stringify(marks)} + name;
  if (!${JSON.stringify(names)}.includes(name) || existsSync(mark)) return;
  writeFileSync(mark, "");
  process.reallyExit(137);
};
syncBuiltinESMExports();`;
const preloaded = (code: string): string => `--import=data:text/javascript,${encodeURIComponent(code)}`;

let scene: NodeScene;
let place: NodePlace;
beforeAll(async () => {
  scene = await startNodeScene();
  const NODE_OPTIONS = preloaded(faults(["versions", "current"]));
  place = await scene.place("crashing", { env: { NODE_OPTIONS } });
});
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
});

test("a trainer that is killed before and after its commit point is repeated, and publishes one version", async () => {
  await place.create("killed", { training: quick });
  for (const attempts of [1, 2]) {
    await place.when("killed", ({ status }) => status.attempts?.[attempts - 1]?.exitCode === 137);
    await place.retryNow("killed");
  }
  const { status } = await place.whenOver("killed");
  expect(status).toMatchObject({
    verdict: "Published",
    attempts: [{ exitCode: 137 }, { exitCode: 137 }, { exitCode: 0 }],
    failures: { counted: 2, disruptions: 0 },
  });
  const volume = await place.models();
  expect((await readdir(volume)).toSorted()).toEqual(["bike-traffic", "crashed-current", "crashed-versions"]);
  const models = path.join(volume, "bike-traffic");
  expect(await readdir(path.join(models, "versions"))).toEqual([status.version]);
  expect(await readdir(path.join(models, ".staging"))).toEqual([]);
  const current = await readFile(path.join(models, "CURRENT.json"), "utf8");
  expect(JSON.parse(current)).toMatchObject({ version: status.version });
});
