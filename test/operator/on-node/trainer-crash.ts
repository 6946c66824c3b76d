import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

import { beforeAll, expect, test } from "@jest/globals";
import { z } from "zod";

import { PublishStep } from "../../../trainer/publish/steps.ts";
import { quick, type NodePlace } from "../node-scene.ts";
import { sharedScene } from "./shared-scene.ts";

const marks = "/models/crashed";
const steps = Object.values(PublishStep);
const committed = steps.indexOf(PublishStep.Committed);
/** Until here the retry has to train again. */
const beforeCommit = steps.slice(0, committed);
const afterCommit = steps.slice(committed);
/** Its trainers die after each step before the commit point; those of a model that is named like a step, after that one. */
const stubborn = "stubborn";

/**
 * Code that the trainer runs before its own: when its log says that a step is done, it ends with 137, as SIGKILL does and without anything
 * of it hearing so. The first process of a container cannot kill itself. A mark on the volume tells that it was done, and it happens once.
 */
const faults = `
import { existsSync, writeFileSync } from "node:fs";
const { model } = JSON.parse(process.env.TRAINER_INPUT ?? "{}");
const steps = model === "${stubborn}" ? ${JSON.stringify(beforeCommit)} : [model];
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = (text, ...others) => {
  const step = steps.find((name) => String(text).includes('"message":"' + name + '"'));
  const mark = "${marks}-" + model + "-" + step;
  if (step === undefined || existsSync(mark)) return write(text, ...others);
  writeFileSync(mark, "");
  process.reallyExit(137);
};`;

let place: NodePlace;
let retried: Promise<readonly PromiseSettledResult<void>[]>;
beforeAll(async () => {
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(faults)}`;
  const env = { NODE_OPTIONS, LOG_LEVEL: "debug" };
  place = await sharedScene().place("crashing", { pod: { env }, models: [stubborn, ...afterCommit] });
  for (const model of [stubborn, ...afterCommit]) {
    await place.create(model, { model, training: quick, job: { retries: beforeCommit.length } });
  }
  retried = Promise.allSettled([
    retryAfterEach(stubborn, beforeCommit),
    ...afterCommit.map((step) => retryAfterEach(step, [step])),
  ]);
});

/** Lets the back-off be over after each of the crashes. */
async function retryAfterEach(name: string, killedAfter: readonly string[]): Promise<void> {
  for (const attempts of killedAfter.keys()) {
    await place.when(name, ({ status }) => status.attempts?.[attempts]?.exitCode === 137);
    await place.retryNow(name);
  }
}

/** What the run and its volume are like in the end. */
async function endOf(name: string): Promise<object> {
  const { status } = await place.whenOver(name);
  const volume = await place.models();
  const models = path.join(volume, name);
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(path.join(models, "CURRENT.json"), "utf8")));
  const crashes = (await readdir(volume)).filter((file) => file.startsWith(`crashed-${name}-`));
  return {
    ...status,
    crashes: crashes.toSorted(),
    versionIsCurrent: version === status.version,
    otherVersions: (await readdir(path.join(models, "versions"))).filter((one) => one !== version),
    staging: await readdir(path.join(models, ".staging")),
  };
}

/** Published with one version after a crash at each of these steps, and nothing left over. */
const publishedAfter = (name: string, killedAfter: readonly string[]) => ({
  verdict: "Published",
  attempts: [...killedAfter.map(() => ({ exitCode: 137 })), { exitCode: 0 }],
  failures: { counted: killedAfter.length, disruptions: 0 },
  crashes: killedAfter.map((step) => `crashed-${name}-${step}`).toSorted(),
  versionIsCurrent: true,
  otherVersions: [],
  staging: [],
});

test.each(afterCommit)("a trainer killed after %s has published: the retry says so", async (step) => {
  expect(await endOf(step)).toMatchObject(publishedAfter(step, [step]));
});

test("a trainer that is killed after each step before its commit point is repeated, and publishes one version", async () => {
  expect((await retried).filter(({ status }) => status === "rejected")).toEqual([]);
  expect(await endOf(stubborn)).toMatchObject(publishedAfter(stubborn, beforeCommit));
});
