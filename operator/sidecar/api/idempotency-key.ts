import type { IncomingHttpHeaders } from "node:http";

import { z } from "zod";

import { problem } from "../http/problem.ts";

/** Header parameters of the calls that create a run. */
export const IdempotencyHeaders = z.object({
  "Idempotency-Key": z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/u, "expected 1 to 255 visible ASCII characters")
    .optional()
    .describe("The same key of the same user always answers with the same run"),
});

/** Throws the Problem 400 for a key that cannot be used. */
export function idempotencyKey(headers: IncomingHttpHeaders): string | undefined {
  const found = headers["idempotency-key"];
  const parsed = IdempotencyHeaders.safeParse({ "Idempotency-Key": found });
  if (parsed.success) return parsed.data["Idempotency-Key"];
  throw problem(
    400,
    "invalid-request",
    "Cannot use the header Idempotency-Key: expected 1 to 255 visible ASCII characters",
  );
}
