import { readFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";

import { slope } from "../statistics.ts";

/** Resident memory of a process while something was done. */
export interface Resident {
  readonly peakBytes: number;
  /** Of the line through the second half of the samples: right after a full collection a process takes memory again. */
  readonly bytesPerMinute: number;
}

/** Looks once a second at what the process holds, until `work` is done. Linux only. */
export async function residentDuring<T>(
  pid: number,
  work: Promise<T>,
): Promise<{ readonly result: T; readonly resident: Resident }> {
  const done = new AbortController();
  const samples = sample(pid, done.signal);
  try {
    const result = await work;
    done.abort();
    return { result, resident: summary(await samples) };
  } finally {
    done.abort();
  }
}

type Sample = readonly [minutes: number, bytes: number];

async function sample(pid: number, signal: AbortSignal): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  const begun = performance.now();
  while (!signal.aborted) {
    samples.push([(performance.now() - begun) / 60_000, await residentBytes(pid)]);
    await setTimeout(1000);
  }
  return samples;
}

async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${String(pid)}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/mu.exec(status)?.[1] ?? Number.NaN) * 1024;
}

const summary = (samples: readonly Sample[]): Resident => ({
  peakBytes: Math.max(...samples.map(([, bytes]) => bytes)),
  bytesPerMinute: slope(samples.slice(samples.length >> 1)),
});
