import winston from "winston";

import type { TrainerConfig } from "./config.ts";

export type Log = Pick<winston.Logger, "info" | "warn" | "error" | "debug">;

/** JSON lines on stdout, one object each: timestamp, level, message and the fields of the call. */
export function createLog(level: TrainerConfig["logLevel"]): winston.Logger {
  return winston.createLogger({
    level,
    format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
    transports: [new winston.transports.Console()],
  });
}
