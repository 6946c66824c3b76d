import { STATUS_CODES } from "node:http";

import { z } from "zod";

import { KubeError } from "./api.ts";

export const hasStatus = (error: unknown, status: number): boolean =>
  error instanceof KubeError && error.status === status;

/** An answer that is not the one asked for. */
export interface Refusal {
  readonly status: number;
  readonly text: string;
  /** The header, when there is one. */
  readonly retryAfter?: string | undefined;
}

const Status = z.object({
  kind: z.literal("Status"),
  reason: z.string().optional(),
  message: z.string().optional(),
});

/** `task` is what was tried, "create jobs velo/rr-1". */
export function refused(task: string, { status, retryAfter, text }: Refusal): KubeError {
  const said = Status.safeParse(parsed(text)).data;
  const reason = said?.reason || wordOf(status);
  const message = (said?.message ?? text).trim().slice(0, longestMessage);
  const seconds = /^\d+$/u.test(retryAfter ?? "") ? Number(retryAfter) : undefined;
  return new KubeError(`Cannot ${task}: ${String(status)} ${reason}: ${message}`, {
    status,
    reason,
    ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
  });
}

const longestMessage = 1000;

const wordOf = (status: number): string => STATUS_CODES[status]?.replaceAll(/[^A-Za-z]/gu, "") ?? "Unknown";

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The connection could not be made or broke. */
export function unreachable(task: string, cause: unknown): KubeError {
  const why = Error.isError(cause) ? cause.message : "no reason given";
  const message = `Cannot ${task}: the API server cannot be reached: ${why}`;
  return new KubeError(message, { status: 0, reason: "Unreachable" }, { cause });
}

export function late(task: string, seconds: number): KubeError {
  const message = `Cannot ${task}: the API server gave no answer within ${String(Math.round(seconds * 10) / 10)} s`;
  return new KubeError(message, { status: 0, reason: "Deadline" });
}

export function silent(task: string, seconds: number): KubeError {
  const message = `Cannot ${task} any longer: nothing has come for ${String(seconds)} s`;
  return new KubeError(message, { status: 0, reason: "Silent" });
}

/** Something answers that does not speak as an API server does. */
export function unreadable(task: string, status: number): KubeError {
  const message = `Cannot ${task}: the answer is not what an API server writes`;
  return new KubeError(message, { status, reason: "Unreadable" });
}
