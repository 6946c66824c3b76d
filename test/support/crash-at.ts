/**
 * One publication as a process of its own: repairs, stages two files that carry their version, publishes, and prints
 * how it ended as one line of JSON. It can kill itself after a step (`--step current-linked`, `--step
 * file-written:preprocessor.json`) or just before the n-th call to the file system (`--call 17`), let such a call
 * fail (`--call 17 --error ENOSPC`), and wait for a line on stdin before it stages and before it publishes (`--wait`).
 */
import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { once } from "node:events";
import { parseArgs } from "node:util";

import { RunFailure } from "../../trainer/errors.ts";
import { openModelDirectory } from "../../trainer/publish/directory.ts";
import { publish } from "../../trainer/publish/publish.ts";
import { repair } from "../../trainer/publish/repair.ts";
import { stage } from "../../trainer/publish/staging.ts";

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

async function run(): Promise<object> {
  const directory = await openModelDirectory(options.models, "bikes");
  const champion = await repair(directory, () => undefined);
  const request = { runUid: options.run, now: new Date(options.now), say: () => undefined, onStep };
  await starter();
  if (options.call !== undefined) await countCalls();
  await using staging = await stage(directory, request);
  const padding = "x".repeat(Number(options.bytes));
  await staging.write("model.ubj", JSON.stringify({ version: staging.version, padding }));
  await staging.write("preprocessor.json", JSON.stringify({ version: staging.version, padding }));
  await starter();
  const published = await publish(staging, { champion, by: "test", why: "a test", clock: () => request.now });
  return { outcome: "Published", ...published, unfinished: published.unfinished?.message, calls };
}

try {
  process.stdout.write(`${JSON.stringify(await run())}\n`);
} catch (error) {
  if (!(error instanceof RunFailure)) throw error;
  process.stdout.write(`${JSON.stringify({ outcome: error.reason, message: error.message, calls })}\n`);
}
process.stdin.destroy();
