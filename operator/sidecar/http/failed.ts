import type { ErrorRequestHandler, Response } from "express";

import type { Exchanges } from "./exchange.ts";
import { Problem, problem } from "./problem.ts";

/** Answers with a Problem whatever was thrown. What nobody expected is for the log: whoever asks may be anybody. */
export const failed =
  (exchanges: Exchanges): ErrorRequestHandler =>
  (error: unknown, request, response, next) => {
    const { id, log, gone } = exchanges.of(request);
    const answer = problemOf(error);
    if (answer.status >= 500) log.error("Cannot answer a request", { path: request.path, error });
    if (gone.aborted) return;
    if (response.headersSent) next(error);
    else send(response, answer, id);
  };

/** The problem as application/problem+json. */
export function send(response: Response, answer: Problem, requestId: string): void {
  response
    .status(answer.status)
    .set({ ...answer.headers, "Cache-Control": "no-store" })
    .type("application/problem+json")
    .send(JSON.stringify(answer.body(requestId)));
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const status = statusOf(error);
  if (status >= 400 && status < 500) return problem(status, "bad-request", "The request cannot be read");
  return problem(500, "internal", "The sidecar cannot answer; its log says why, under this request's id");
}

/** As those of express and its parsers carry it. */
const statusOf = (error: unknown): number =>
  typeof error === "object" && error !== null && "status" in error ? Number(error.status) : 500;
