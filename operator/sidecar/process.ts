import { readFileSync } from "node:fs";

import { BadConfiguration } from "../bad-configuration.ts";
import { endOnSignal, endOnUncaught } from "../ending.ts";
import { loadConnection } from "../kube/connection.ts";
import { connectionSource } from "../kube/connection-source.ts";
import { createLog } from "../log.ts";
import { readSidecarConfig } from "./config.ts";
import { runSidecar } from "./sidecar.ts";

/** EX_CONFIG of sysexits.h. */
const badConfiguration = 78;
const words = {
  program: "sidecar",
  last: "the requests under way are answered",
  late: "in the middle of an answer",
};

/** The sidecar as a process, until SIGTERM or SIGINT. Returns the exit code. */
export async function runSidecarProcess(): Promise<number> {
  const early = createLog("info");
  endOnUncaught(early, words.program);
  try {
    const config = readSidecarConfig(process.env, (file) => readFileSync(file, "utf8"));
    const log = createLog(config.logLevel);
    const signal = endOnSignal(log, words);
    await using connection = await loadConnection(connectionSource(process.env));
    await runSidecar(config, { connection, log }, signal);
    log.info("The sidecar has ended");
    return 0;
  } catch (error) {
    early.error("The sidecar cannot go on", { error });
    return error instanceof BadConfiguration ? badConfiguration : 1;
  }
}
