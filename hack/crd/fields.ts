import type { Structural } from "./structural.ts";

/** Every field below a schema with its path, parents first: `source.exclude`, `source.exclude[]`, `source.exclude[].why`. */
export function fieldsOf(schema: Structural, at = ""): [string, Structural][] {
  const item: [string, Structural][] = schema.items === undefined ? [] : [[`${at}[]`, schema.items]];
  const properties = Object.entries(schema.properties ?? {}).map(([name, field]): [string, Structural] => [
    at === "" ? name : `${at}.${name}`,
    field,
  ]);
  return [...item, ...properties].flatMap(([path, field]) => [[path, field], ...fieldsOf(field, path)]);
}

/** The schema with `change` applied to every field below it, innermost first. */
export function mapFields(
  schema: Structural,
  change: (path: string, field: Structural) => Structural,
  at = "",
): Structural {
  const inner = (path: string, field: Structural): Structural => change(path, mapFields(field, change, path));
  const { items, properties } = schema;
  return {
    ...schema,
    ...(items === undefined ? {} : { items: inner(`${at}[]`, items) }),
    ...(properties === undefined ? {} : { properties: mapValues(properties, at, inner) }),
  };
}

function mapValues(
  properties: Readonly<Record<string, Structural>>,
  at: string,
  inner: (path: string, field: Structural) => Structural,
): Record<string, Structural> {
  const entries = Object.entries(properties);
  return Object.fromEntries(
    entries.map(([name, field]) => [name, inner(at === "" ? name : `${at}.${name}`, field)]),
  );
}
