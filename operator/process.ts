import { readFileSync } from "node:fs";

import { BadConfiguration } from "./bad-configuration.ts";
import { readConfig } from "./config.ts";
import { endOnSignal, endOnUncaught } from "./ending.ts";
import type { Kube } from "./kube/api.ts";
import { loadConnection } from "./kube/connection.ts";
import { connectionSource } from "./kube/connection-source.ts";
import { createLog } from "./log.ts";
import { runOperator } from "./operator.ts";

/** EX_CONFIG of sysexits.h. */
const badConfiguration = 78;
const words = {
  program: "operator",
  last: "the passes in hand are finished",
  late: "in the middle of a pass",
};

/**
 * The operator as a process, until SIGTERM or SIGINT; `between` comes between it and the API server. Returns the exit code. Whatever
 * nobody has caught ends the process with one line of its log.
 */
export async function runProcess(between?: (kube: Kube) => Kube): Promise<number> {
  const early = createLog("info");
  endOnUncaught(early, words.program);
  try {
    const config = readConfig(process.env, (file) => readFileSync(file, "utf8"));
    const log = createLog(config.logLevel);
    await using connection = await loadConnection(connectionSource(process.env));
    const surroundings = { connection, log, ...(between === undefined ? {} : { between }) };
    await runOperator(config, surroundings, endOnSignal(log, words));
    log.info("The operator has ended");
    return 0;
  } catch (error) {
    early.error("The operator cannot go on", { error });
    return error instanceof BadConfiguration ? badConfiguration : 1;
  }
}
