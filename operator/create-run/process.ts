import { readFileSync } from "node:fs";

import { BadConfiguration } from "../bad-configuration.ts";
import { endOnUncaught } from "../ending.ts";
import { resources } from "../kube/api.ts";
import { createKube } from "../kube/client.ts";
import { loadConnection } from "../kube/connection.ts";
import { connectionSource } from "../kube/connection-source.ts";
import { createLog } from "../log.ts";
import { readCreateRunConfig, type CreateRunConfig } from "./config.ts";
import { createRun, type Order, type Outcome } from "./create-run.ts";
import { periodOf, readScheduledJob } from "./scheduled-job.ts";

/** EX_CONFIG of sysexits.h. */
const badConfiguration = 78;

/** What a schedule's Job does, as a process. Returns the exit code: 0 also when the period had its run before. */
export async function createRunProcess(): Promise<number> {
  const early = createLog("info");
  endOnUncaught(early, "creation of a run");
  try {
    const config = readCreateRunConfig(process.env, (file) => readFileSync(file, "utf8"));
    const { order, outcome } = await createScheduled(config);
    const { namespace, model, period } = order;
    const message = outcome.isNew ? "The run was created" : "The period has its run";
    createLog(config.logLevel).info(message, { namespace, model, run: outcome.run, period });
    return 0;
  } catch (error) {
    early.error("No run was created", { error });
    return error instanceof BadConfiguration ? badConfiguration : 1;
  }
}

async function createScheduled(
  config: CreateRunConfig,
): Promise<{ readonly order: Order; readonly outcome: Outcome }> {
  const { configuration, namespace, model, timeZone, jobName: name } = config;
  await using connection = await loadConnection(connectionSource(process.env));
  const kube = createKube(connection, { random: Math.random });
  const job = readScheduledJob(await kube.get({ resource: resources.jobs, namespace, name }));
  const order = { namespace, model, period: periodOf(job.dueAt, timeZone), job };
  return { order, outcome: await createRun(kube, configuration, order) };
}
