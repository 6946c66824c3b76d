import { z } from "zod";

import { whatIsWrong } from "../../bad-configuration.ts";
import { problem, type Problem } from "./problem.ts";

type Where = "body" | "query" | "path";

/**
 * A part of a request as its schema reads it; what is missing counts as an empty object, and without a schema nothing may be there.
 * Throws the Problem 400 that names each wrong field with the value found and what was expected.
 */
export function parsed<Schema extends z.ZodType>(
  schema: Schema | undefined,
  found: unknown,
  where: Where,
): z.output<Schema>;
export function parsed(schema: z.ZodType = nothing, found: unknown = {}, where: Where): unknown {
  const result = schema.safeParse(found);
  if (!result.success) throw refused(result.error, found, where);
  return result.data;
}

const nothing = z.strictObject({});

function refused(error: z.ZodError, found: unknown, where: Where): Problem {
  const errors = error.issues.map(({ path, message }) => ({
    in: where,
    field: path.map(String).join("."),
    message,
  }));
  return problem(400, "invalid-request", `Cannot use the ${where}: ${whatIsWrong(error, found)}`, { errors });
}
