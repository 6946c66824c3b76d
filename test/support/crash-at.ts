/**
 * One run as a process of its own: takes the lock (`--lock` with its timing; below the lock without), repairs, stages
 * two files that carry their version, publishes (also over an unusable champion with `--force`) or restores (`--restore
 * VERSION`), and prints how it ended as one line of JSON. It can kill itself after a step (`--step current-linked`, `--step
 * file-written:preprocessor.json`) or just before the n-th call to the file system (`--call 17`), let such a call
 * fail (`--call 17 --error ENOSPC`), and wait for a line on stdin before it stages and before it publishes (`--wait`)
 * or before it restores.
 */
import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { once } from "node:events";
import { parseArgs } from "node:util";

import { z } from "zod";

import { RunFailure } from "../../trainer/errors.ts";
import { openModelDirectory, type ModelDirectory } from "../../trainer/publish/directory.ts";
import { finishedRun } from "../../trainer/publish/finished-run.ts";
import { acquireLock } from "../../trainer/publish/lock.ts";
import type { ModelLock } from "../../trainer/publish/model-lock.ts";
import { publish } from "../../trainer/publish/publish.ts";
import { repair } from "../../trainer/publish/repair.ts";
import { restoreVersion } from "../../trainer/publish/restore.ts";
import { stage } from "../../trainer/publish/staging.ts";
import type { Standing } from "../../trainer/publish/standing.ts";

const seconds = z.number();
const LockTimingOption = z.object({
  beatSeconds: seconds,
  staleSeconds: seconds,
  waitSeconds: seconds,
  pollSeconds: seconds,
});

const { values: options } = parseArgs({
  options: {
    models: { type: "string", default: "" },
    run: { type: "string", default: "" },
    now: { type: "string", default: "2026-12-01T01:00:00Z" },
    step: { type: "string" },
    call: { type: "string" },
    error: { type: "string" },
    umask: { type: "string" },
    bytes: { type: "string", default: "1000" },
    lock: { type: "string" },
    restore: { type: "string" },
    force: { type: "boolean", default: false },
    wait: { type: "boolean", default: false },
  },
});
if (options.umask !== undefined) process.umask(parseInt(options.umask, 8));

let calls = 0;
function beforeCall(): void {
  calls += 1;
  if (calls !== Number(options.call)) return;
  if (options.error === undefined) process.kill(process.pid, "SIGKILL");
  throw Object.assign(new Error(`${String(options.error)}, on purpose`), { code: options.error });
}

/** Puts `beforeCall` in front of every call by which a publication changes the file system. */
async function countCalls(): Promise<void> {
  const handle = await fs.open(options.models);
  const prototype = Object.getPrototypeOf(handle) as object;
  await handle.close();
  for (const name of ["open", "mkdir", "mkdtemp", "rename", "rm", "symlink"]) countCall(fs, name);
  for (const name of ["writeFile", "sync"]) countCall(prototype, name);
  syncBuiltinESMExports();
}

function countCall(owner: object, name: string): void {
  const original: unknown = Reflect.get(owner, name);
  if (typeof original !== "function") throw new Error(`There is no function ${name}`);
  Reflect.set(owner, name, async function (this: unknown, ...values: unknown[]): Promise<unknown> {
    beforeCall();
    return (await Reflect.apply(original, this, values)) as unknown;
  });
}

function onStep(step: string, detail: string): void {
  if (options.step === step || options.step === `${step}:${detail}`) process.kill(process.pid, "SIGKILL");
}

/** Racers wait here for each other. */
async function starter(): Promise<void> {
  if (!options.wait) return;
  process.stdout.write("ready\n");
  await once(process.stdin, "data");
}

const quiet = (): void => undefined;
const clock = (): Date => new Date(options.now);
const change = { by: "test", why: "a test", clock };
const request = { runUid: options.run, say: quiet, onStep };

/** One whole run; as in the trainer, nothing on the volume is changed before the lock is held. */
async function run(): Promise<object> {
  const directory = await openModelDirectory(options.models, "bikes");
  if (options.lock === undefined) return runUnder({ assertHeld: () => Promise.resolve() }, directory);
  const say = (sentence: string): void => void process.stdout.write(`${sentence}\n`);
  const timing = LockTimingOption.parse(JSON.parse(options.lock));
  const { signal } = new AbortController();
  await using lock = await acquireLock(directory, { runUid: options.run, say, signal, timing });
  return await runUnder(lock, directory);
}

async function runUnder(lock: Pick<ModelLock, "assertHeld">, directory: ModelDirectory): Promise<object> {
  const standing = await repair(directory, quiet);
  const finished = await finishedRun(directory, options.run);
  if (finished !== undefined) return { outcome: "Repeated", version: finished.to };
  if (options.restore !== undefined) return restore(directory, standing, lock);
  if (standing.kind === "unusable" && !options.force) return { outcome: "ChampionUnusable" };
  return publication(directory, standing, lock);
}

async function publication(
  directory: ModelDirectory,
  standing: Standing,
  lock: Pick<ModelLock, "assertHeld">,
) {
  await starter();
  if (options.call !== undefined) await countCalls();
  await using staging = await stage(directory, { ...request, now: clock() });
  const padding = "x".repeat(Number(options.bytes));
  await staging.write("model.ubj", JSON.stringify({ version: staging.version, padding }));
  await staging.write("preprocessor.json", JSON.stringify({ version: staging.version, padding }));
  await starter();
  const published = await publish(staging, { ...change, standing, lock });
  return { outcome: "Published", ...published, unfinished: published.unfinished?.message, calls };
}

async function restore(directory: ModelDirectory, standing: Standing, lock: Pick<ModelLock, "assertHeld">) {
  await starter();
  if (options.call !== undefined) await countCalls();
  const version = options.restore ?? "";
  const hold = {};
  const restored = await restoreVersion({ ...change, ...request, directory, standing, lock, version, hold });
  return { outcome: "Restored", ...restored, unfinished: restored.unfinished?.message, calls };
}

try {
  process.stdout.write(`${JSON.stringify(await run())}\n`);
} catch (error) {
  if (!(error instanceof RunFailure)) throw error;
  process.stdout.write(`${JSON.stringify({ outcome: error.reason, message: error.message, calls })}\n`);
}
process.stdin.destroy();
