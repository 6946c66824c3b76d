import { setTimeout } from "node:timers/promises";

import { Pool } from "undici";
import { z } from "zod";

import { quantile } from "../statistics.ts";

/** What is asked for, how often. */
export const LoadPlan = z.object({
  origin: z.url(),
  path: z.string(),
  token: z.string(),
  perSecond: z.number(),
  seconds: z.number(),
  /** At the same time at most; a request waits for a free one, and the wait counts. */
  connections: z.int(),
});
export type LoadPlan = z.infer<typeof LoadPlan>;

const Quantiles = z.object({ p50: z.number(), p99: z.number(), p999: z.number(), max: z.number() });
type Quantiles = z.infer<typeof Quantiles>;

/** How the requests were answered; times in milliseconds. */
export const Load = z.object({
  /** From when a request was to be sent until its answer was complete. */
  latency: Quantiles,
  /** By which it was sent too late: what this process adds to the latencies. */
  lateness: Quantiles,
  answeredPerSecond: z.number(),
  bytes: z.number(),
  /** Requests by the status of their answer, or by what went wrong. */
  answers: z.record(z.string(), z.int()),
});
export type Load = z.infer<typeof Load>;

/**
 * Requests at a steady rate, each at its time whether or not earlier ones were answered: a server that stands still
 * for a second has kept all requests of that second waiting, and each of them counts from its own time.
 */
export async function load(plan: LoadPlan): Promise<Load> {
  const pool = new Pool(plan.origin, { connections: plan.connections, pipelining: 1 });
  try {
    return await send(pool, plan);
  } finally {
    await pool.close();
  }
}

async function send(pool: Pool, plan: LoadPlan): Promise<Load> {
  const all = Math.round(plan.perSecond * plan.seconds);
  const tally = new Tally(all);
  const begun = performance.now();
  const dueAt = (index: number): number => begun + (index * 1000) / plan.perSecond;
  const waiting: Promise<void>[] = [];
  while (waiting.length < all) {
    while (waiting.length < all && dueAt(waiting.length) <= performance.now()) {
      waiting.push(ask(pool, plan, tally, { index: waiting.length, dueAt: dueAt(waiting.length) }));
    }
    await setTimeout(1);
  }
  await Promise.all(waiting);
  return tally.summary((performance.now() - begun) / 1000);
}

interface Arrival {
  readonly index: number;
  /** Milliseconds, as performance.now() has them. */
  readonly dueAt: number;
}

async function ask(pool: Pool, plan: LoadPlan, tally: Tally, { index, dueAt }: Arrival): Promise<void> {
  tally.lateness[index] = performance.now() - dueAt;
  const answer = await answerOf(pool, plan);
  tally.latency[index] = performance.now() - dueAt;
  tally.bytes += answer.bytes;
  tally.answers.set(answer.kind, (tally.answers.get(answer.kind) ?? 0) + 1);
}

async function answerOf(pool: Pool, { path, token }: LoadPlan): Promise<{ kind: string; bytes: number }> {
  try {
    const headers = { authorization: `Bearer ${token}` };
    const { statusCode, body } = await pool.request({ path, method: "GET", headers });
    const { byteLength } = await body.arrayBuffer();
    return { kind: String(statusCode), bytes: byteLength };
  } catch (error) {
    return { kind: Error.isError(error) ? error.message : String(error), bytes: 0 };
  }
}

class Tally {
  readonly latency: Float64Array;
  readonly lateness: Float64Array;
  readonly answers = new Map<string, number>();
  bytes = 0;

  constructor(requests: number) {
    this.latency = new Float64Array(requests);
    this.lateness = new Float64Array(requests);
  }

  summary(seconds: number): Load {
    return {
      latency: quantiles(this.latency),
      lateness: quantiles(this.lateness),
      answeredPerSecond: this.latency.length / seconds,
      bytes: this.bytes,
      answers: Object.fromEntries(this.answers),
    };
  }
}

const quantiles = (values: Float64Array): Quantiles => ({
  p50: quantile(values, 0.5),
  p99: quantile(values, 0.99),
  p999: quantile(values, 0.999),
  max: quantile(values, 1),
});
