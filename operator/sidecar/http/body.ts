import express, { type Request, type Response } from "express";

import { Problem, problem } from "./problem.ts";

export const bodyLimit = 16 * 1024;

/**
 * The JSON of a request's body; undefined when there is none. Throws the Problems 415 (media type, charset, compression), 413 and 400.
 */
export async function readBody(request: Request, response: Response): Promise<unknown> {
  if (isEmpty(request)) return undefined;
  checkMediaType(request);
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  json(request, response, (error?: unknown) => {
    if (error === undefined) resolve(undefined);
    else reject(refused(error));
  });
  await promise;
  return request.body as unknown;
}

/** `curl -X POST` sends no body and no type, and many clients a type without a body. */
const isEmpty = ({ headers }: Request): boolean =>
  headers["transfer-encoding"] === undefined && Number(headers["content-length"] ?? 0) === 0;

const json = express.json({ limit: bodyLimit, inflate: false, strict: false, type: () => true });

function checkMediaType(request: Request): void {
  const type = request.get("content-type");
  if (/^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/iu.test(type ?? "")) return;
  const found = type === undefined ? "not said" : JSON.stringify(type.slice(0, 100));
  throw unsupported(`The media type of the body is ${found}; expected application/json`);
}

const unsupported = (detail: string): Problem =>
  new Problem(415, "unsupported-media-type", detail, {
    headers: { Accept: "application/json", "Accept-Encoding": "identity" },
  });

/** By the words of body-parser's errors. */
function refused(error: unknown): unknown {
  if (!(typeof error === "object" && error !== null && "type" in error)) return error;
  switch (error.type) {
    case "entity.too.large":
      return new Problem(413, "body-too-large", `The body has more than ${String(bodyLimit)} bytes`, {
        headers: { Connection: "close" },
      });
    case "encoding.unsupported":
      return unsupported("The body is compressed; expected plain application/json");
    case "entity.parse.failed":
      return problem(400, "invalid-request", "The body is not JSON");
    default:
      return error;
  }
}
