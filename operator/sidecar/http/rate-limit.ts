import type { Request, Response } from "express";
import { rateLimit } from "express-rate-limit";

import { problem } from "./problem.ts";

export type TakeTurn = (request: Request, response: Response) => Promise<void>;

/** Counts a request of a user, whatever it asks for. What it returns throws the Problem 429 when there were too many within a minute. */
export function limitByUser(perMinute: number, userOf: (request: Request) => string): TakeTurn {
  const limiter = rateLimit({
    windowMs: 60_000,
    limit: perMinute,
    keyGenerator: (request: Request) => userOf(request),
    standardHeaders: "draft-8",
    legacyHeaders: false,
    // It has set Retry-After already.
    handler: (_request, _response, next) => {
      const detail = `There were more than ${String(perMinute)} requests of yours within a minute; wait as Retry-After says`;
      next(problem(429, "too-many-requests", detail));
    },
  });
  return async (request, response) => {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const next = (error?: unknown): void => {
      if (error === undefined) resolve(undefined);
      else reject(error);
    };
    await limiter(request, response, next);
    await promise;
  };
}
