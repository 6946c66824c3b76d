import { expect, test } from "@jest/globals";

import { measureProcess } from "../../../bench/sides/measured-process.ts";

const megabytes = 1e6;
const run = (script: string, ...words: readonly string[]) =>
  measureProcess({ program: process.execPath, words: ["-e", script, ...words], env: process.env });

/** Holds memory of its own and burns CPU time, then leaves. */
const worker = `
  const held = Buffer.alloc(150_000_000, 1);
  const { user } = process.cpuUsage();
  while (process.cpuUsage().user - user < 400_000);
  setTimeout(() => held.length, 200);`;
const parent = `
  const { spawn } = require("node:child_process");
  for (const _ of [1, 2]) spawn(process.execPath, ["-e", process.argv[1]]);`;

test("memory and CPU time are those of the process and all that it started", async () => {
  const alone = await run(worker);
  const both = await run(parent, worker);
  expect(alone.peakBytes).toBeGreaterThan(150 * megabytes);
  expect(both.peakBytes).toBeGreaterThan(300 * megabytes);
  expect(alone.cpuSeconds).toBeGreaterThan(0.35);
  expect(both.cpuSeconds).toBeGreaterThan(0.7);
}, 60_000);

test("what it wrote is returned", async () => {
  const { stdout, wallSeconds } = await run("setTimeout(() => console.log('done'), 100)");
  expect(stdout).toBe("done\n");
  expect(wallSeconds).toBeGreaterThanOrEqual(0.1);
});

test("a failure is an error with what the process complained about", async () => {
  await expect(run("throw new Error('no such table')")).rejects.toThrow("no such table");
});
