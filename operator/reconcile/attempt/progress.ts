import { z } from "zod";

import { given } from "../../../contract/given.ts";
import { stageNames } from "../../../contract/stages.ts";
import type { Progress } from "./attempt.ts";

const Line = z.object({
  event: z.literal("progress"),
  stage: z.enum(stageNames),
  done: z.number().min(0),
  total: z.number().positive(),
  etaSeconds: z.number().nullish(),
});

/** The newest progress line of a trainer's log; undefined when it has none. What is cut or of another shape is no such line. */
export function newestProgress(log: string): Progress | undefined {
  for (const line of log.split("\n").reverse()) {
    const progress = progressOf(line);
    if (progress !== undefined) return progress;
  }
  return undefined;
}

/** Whether a line of the log is one of those that only tell how far the trainer is. */
export const isProgressLine = (line: string): boolean => progressOf(line) !== undefined;

function progressOf(line: string): Progress | undefined {
  if (!line.includes('"progress"')) return undefined;
  const { data } = Line.safeParse(jsonOf(line));
  if (data === undefined) return undefined;
  const { stage, done, total, etaSeconds } = data;
  return given({
    stage,
    percent: Math.min(100, Math.floor((100 * done) / total)),
    etaSeconds: typeof etaSeconds === "number" ? clampedEta(etaSeconds) : undefined,
  });
}

/** A year: no estimate beyond it means anything, and a status refuses numbers that are no integers any more. */
const longestEtaSeconds = 31_536_000;
const clampedEta = (seconds: number): number => Math.min(Math.max(0, Math.round(seconds)), longestEtaSeconds);

/** Undefined for what is no JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // A torn line, or one that another program wrote.
  }
}
