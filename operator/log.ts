import winston from "winston";

import { masked } from "./reconcile/attempt/safe-text.ts";
import type { OperatorConfig } from "./config.ts";

/** What a line is about; a child log says it on each of its lines. */
export interface LogFields {
  readonly namespace?: string;
  readonly model?: string;
  /** The RetrainRun's name. */
  readonly run?: string;
  readonly uid?: string;
  readonly attempt?: number;
  /** Of the HTTP request. */
  readonly requestId?: string;
}

type Line = (message: string, fields?: Readonly<Record<string, unknown>>) => void;

/** JSON lines. A field `error` takes anything that was thrown: its message and those of its causes are written. */
export interface Log {
  readonly error: Line;
  readonly warn: Line;
  readonly info: Line;
  readonly debug: Line;
  child(fields: LogFields): Log;
}

/** One object a line on stdout: timestamp, level, message, then the fields. */
export function createLog(
  level: OperatorConfig["logLevel"],
  transport: winston.transport = new winston.transports.Console(),
): Log {
  const { combine, timestamp, json } = winston.format;
  const logger = winston.createLogger({
    level,
    format: combine(readableError(), timestamp(), json()),
    transports: [transport],
  });
  return leveled(logger);
}

/** Not winston's own methods: a `message` among their fields would be glued to the line's. */
function leveled(logger: winston.Logger, about: LogFields = {}): Log {
  const line =
    (level: string): Line =>
    (message, fields = {}) =>
      void logger.log({ ...about, ...fields, level, message });
  return {
    error: line("error"),
    warn: line("warn"),
    info: line("info"),
    debug: line("debug"),
    child: (fields) => leveled(logger, { ...about, ...fields }),
  };
}

/** JSON knows nothing of an Error. The stack is for bugs: those who refuse say enough in their message. */
const readableError = winston.format((entry) => {
  const { error } = entry;
  if (error === undefined) return entry;
  const stack = Error.isError(error) && entry.level === "error" ? { stack: masked(error.stack ?? "") } : {};
  return { ...entry, error: masked(textOf(error)), ...stack };
});

/** An Error's message followed by those of its causes. */
export function textOf(error: unknown, depth = 0): string {
  if (!Error.isError(error)) return String(error);
  const cause =
    error.cause === undefined || depth === mostCauses ? "" : `: ${textOf(error.cause, depth + 1)}`;
  return `${error.message}${cause}`;
}

const mostCauses = 5;
