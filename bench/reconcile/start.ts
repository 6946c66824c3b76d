import { z } from "zod";

import { runsPath, type Plane } from "../cluster/plane.ts";
import { unseenLabel, type Model } from "../cluster/population.ts";
import type { Launched } from "../cluster/launched.ts";
import type { Line } from "../cluster/log-file.ts";

/** Seconds since the process was started. */
export interface Start {
  /** All three watches have listed. */
  readonly syncedSeconds: number;
  /** Of each model, the new run was told about. */
  readonly reconciledSeconds: number;
  /** The API server says of each new run that it is accepted. */
  readonly acceptedSeconds: number;
}

const watches = 3;

/** Waits for the first pass over every model. */
export async function firstPasses(
  operator: Launched,
  plane: Plane,
  models: readonly Model[],
): Promise<Start> {
  const { startedAt, log, until } = operator;
  const since = (at: Date): number => (at.getTime() - startedAt.getTime()) / 1000;
  const listed = await until(() => log.filter(({ why }) => why === "first")[watches - 1]);
  const lastPass = await until(() => lastModel(log, models.length));
  await until(async () => ((await acceptedRuns(plane)) === models.length ? true : undefined));
  return {
    syncedSeconds: since(listed.timestamp),
    reconciledSeconds: since(lastPass.timestamp),
    acceptedSeconds: since(new Date()),
  };
}

/** The line with which the last model of so many is told about for the first time. */
function lastModel(log: readonly Line[], models: number): Line | undefined {
  const seen = new Set<unknown>();
  return log.find(({ model }) => model !== undefined && seen.add(model).size === models);
}

const Condition = z.object({ type: z.string(), status: z.string() });
const Runs = z.object({
  items: z.array(z.object({ status: z.object({ conditions: z.array(Condition).default([]) }).prefault({}) })),
});

async function acceptedRuns(plane: Plane): Promise<number> {
  const query = `?resourceVersion=0&labelSelector=${encodeURIComponent(unseenLabel)}`;
  const { items } = Runs.parse(await plane.ask(runsPath + query));
  return items.filter(({ status: { conditions } }) =>
    conditions.some(({ type, status }) => type === "Accepted" && status === "True"),
  ).length;
}
