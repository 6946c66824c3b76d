import type { z } from "zod";

/**
 * Parses with the fields left out that the schema does not know, at every depth and inside strict schemas too: an older
 * operator lives with a newer definition.
 */
export function parseKnown<T>(schema: z.ZodType<T>, value: unknown): z.ZodSafeParseResult<T> {
  const parsed = schema.safeParse(value);
  const unknown = parsed.success ? [] : parsed.error.issues.flatMap(unknownFields);
  if (unknown.length === 0) return parsed;
  return parseKnown(
    schema,
    unknown.reduce((known, path) => without(known, path), value),
  );
}

/**
 * As much of a value as the schema can read: what it refuses is left out, the smallest part first. The schema must accept
 * an empty object.
 */
export function parseReadable<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = parseKnown(schema, value);
  if (parsed.success) return parsed.data;
  const path = parsed.error.issues[0]?.path ?? [];
  if (path.length === 0) return schema.parse({});
  const refused = valueAt(value, path) === undefined ? path.slice(0, -1) : path;
  return parseReadable(schema, without(value, refused));
}

/** What lies at a path, undefined when nothing does. */
export function valueAt(value: unknown, [key, ...rest]: readonly PropertyKey[]): unknown {
  if (key === undefined) return value;
  if (typeof value !== "object" || value === null) return undefined;
  return valueAt(Object.getOwnPropertyDescriptor(value, key)?.value, rest);
}

type Path = readonly PropertyKey[];

const unknownFields = (issue: z.core.$ZodIssue): readonly Path[] =>
  issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [];

function without(value: unknown, [key, ...rest]: Path): unknown {
  if (key === undefined) return {};
  if (typeof value !== "object" || value === null) return value;
  const others = entriesOf(value).flatMap(([name, item]): [PropertyKey, unknown][] => {
    if (name !== key) return [[name, item]];
    return rest.length === 0 ? [] : [[name, without(item, rest)]];
  });
  return Array.isArray(value) ? others.map(([, item]) => item) : Object.fromEntries(others);
}

const entriesOf = (value: object): readonly [PropertyKey, unknown][] =>
  Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value).map(([name, item]: [string, unknown]) => [name, item]);
