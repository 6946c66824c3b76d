import { readFileSync } from "node:fs";

import { BadConfiguration } from "./bad-configuration.ts";
import { readConfig } from "./config.ts";
import type { Kube } from "./kube/api.ts";
import { loadConnection } from "./kube/connection.ts";
import { connectionSource } from "./kube/connection-source.ts";
import { createLog, type Log } from "./log.ts";
import { runOperator } from "./operator.ts";

/** EX_CONFIG of sysexits.h. */
const badConfiguration = 78;
/** Less than the 30 s that Kubernetes leaves between SIGTERM and SIGKILL. */
const graceMilliseconds = 25_000;

/**
 * The operator as a process, until SIGTERM or SIGINT; `between` comes between it and the API server. Returns the exit code. Whatever
 * nobody has caught ends the process with one line of its log.
 */
export async function runProcess(between?: (kube: Kube) => Kube): Promise<number> {
  const early = createLog("info");
  endOnUncaught(early);
  try {
    const config = readConfig(process.env, (file) => readFileSync(file, "utf8"));
    const log = createLog(config.logLevel);
    await using connection = await loadConnection(connectionSource(process.env));
    const surroundings = { connection, log, ...(between === undefined ? {} : { between }) };
    await runOperator(config, surroundings, endOnSignal(log));
    log.info("The operator has ended");
    return 0;
  } catch (error) {
    early.error("The operator cannot go on", { error });
    return error instanceof BadConfiguration ? badConfiguration : 1;
  }
}

function endOnUncaught(log: Log): void {
  const end = (error: unknown): void => {
    log.error("The operator ends: nobody has caught this error", { error });
    process.exit(1);
  };
  process.on("uncaughtException", end);
  process.on("unhandledRejection", end);
}

/** Aborted by the first SIGTERM or SIGINT; a second one changes nothing, for what is under way ends by itself. */
function endOnSignal(log: Log): AbortSignal {
  const ending = new AbortController();
  const end = (signal: NodeJS.Signals): void => {
    log.info(`${signal}: the passes in hand are finished`);
    if (ending.signal.aborted) return;
    ending.abort();
    setTimeout(() => {
      log.error("The operator ends in the middle of a pass: it has taken too long");
      process.exit(1);
    }, graceMilliseconds).unref();
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  return ending.signal;
}
