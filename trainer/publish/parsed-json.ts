import { z } from "zod";

export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/** A JSON document of a known form, or in half a sentence what is wrong with it. */
export function parsedJson<T>(schema: z.ZodType<T>, bytes: Buffer): Parsed<T> {
  const json = asJson(bytes);
  if (!json.ok) return json;
  const parsed = schema.safeParse(json.value);
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, problem: parsed.error.issues.map(sentence).join("; ") };
}

/** The form in which all documents of the volume are written: for people too, so with line breaks. */
export const toJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

function asJson(bytes: Buffer): Parsed<unknown> {
  try {
    return { ok: true, value: JSON.parse(bytes.toString("utf8")) };
  } catch {
    return { ok: false, problem: `its ${String(bytes.length)} bytes are no complete JSON document` };
  }
}

const sentence = ({ path, message }: z.core.$ZodIssue): string =>
  path.length === 0 ? message : `${path.join(".")}: ${message}`;
