import { z } from "zod";

import { whatIsWrong } from "../operator/bad-configuration.ts";

/** A whole number of the command line, of `from` or more. */
export const count = (from: number) => z.coerce.number().int().min(from);

/** Whole numbers with commas between them. */
export const counts = z
  .string()
  .transform((text) => text.split(",").map(Number))
  .pipe(z.array(z.int().min(1)));

/** What a bench was given on the command line. Throws an Error that names each value that makes no sense. */
export function optionsOf<Schema extends z.ZodType>(schema: Schema, values: unknown): z.output<Schema> {
  const { data, error } = schema.safeParse(values);
  if (error !== undefined) throw new Error(`Cannot use the options: ${whatIsWrong(error, values)}`);
  return data;
}
