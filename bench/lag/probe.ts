import { writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

/**
 * Loaded before the trainer: its main thread is to wake up every 5 ms; how much later it did is written to LAG_FILE
 * when the process ends, as [time in ms since 1970, lateness in ms].
 */
const everyMilliseconds = 5;
const file = process.env["LAG_FILE"];

if (isMainThread && file !== undefined) {
  const samples: [at: number, milliseconds: number][] = [];
  let before = performance.now();
  setInterval(() => {
    const now = performance.now();
    samples.push([performance.timeOrigin + now, Math.max(0, now - before - everyMilliseconds)]);
    before = now;
  }, everyMilliseconds).unref();
  process.on("exit", () => {
    writeFileSync(file, JSON.stringify(samples));
  });
}
