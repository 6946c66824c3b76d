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

/** Beside a progress display only the verdict and what is wrong are worth a line. */
const forPeople = winston.format((entry) =>
  entry.level === "info" && entry["verdict"] === undefined ? false : entry,
);

/** Sentences on stderr, for a person at a terminal. */
export function createTerminalLog(level: TrainerConfig["logLevel"]): winston.Logger {
  return winston.createLogger({
    level,
    format: winston.format.combine(
      forPeople(),
      winston.format.printf(
        ({ level: severity, message, verdict }) =>
          `${typeof verdict === "string" ? verdict : severity}: ${String(message)}`,
      ),
    ),
    transports: [new winston.transports.Console({ stderrLevels: ["error", "warn", "info", "debug"] })],
  });
}
