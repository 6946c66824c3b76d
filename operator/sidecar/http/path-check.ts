import type { RequestHandler } from "express";

import { problem } from "./problem.ts";

/** Refuses paths that two readers may read in two ways: encoded slashes and dots, control characters, empty segments. */
export const checkPath: RequestHandler = (request, _response, next) => {
  const [raw = ""] = request.originalUrl.split("?");
  if (isPlain(raw)) next();
  else next(problem(400, "bad-path", "The path has an encoding that is not accepted"));
};

const isPlain = (raw: string): boolean =>
  raw.startsWith("/") &&
  !/\/\/|\\|%(?:2f|5c|2e|25|7f|[01])/iu.test(raw) &&
  raw.split("/").every((segment) => segment !== "." && segment !== "..") &&
  isDecodable(raw);

function isDecodable(raw: string): boolean {
  try {
    decodeURIComponent(raw);
    return true;
  } catch {
    return false;
  }
}
