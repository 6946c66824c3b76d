import { z } from "zod";

/** What of JSON Schema the contract's documents use. */
export interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly minimum?: number;
  readonly maximum?: number;
}

interface Field {
  readonly path: string;
  readonly schema: Schema;
}

/** Every field below a schema with its path, in the schema's order. */
export function fieldsOf(schema: Schema, prefix = ""): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const at = prefix === "" ? name : `${prefix}.${name}`;
    const inner = field.properties === undefined ? field.items : field;
    const below =
      inner?.properties === undefined ? [] : fieldsOf(inner, field.items === undefined ? at : `${at}[]`);
    return [{ path: at, schema: field }, ...below];
  });
}

/** The type for people, with its bounds where they say something. */
export function typeOf(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.map(String).join(" \\| ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(" \\| ");
  if (schema.items !== undefined) return `list of ${typeOf(schema.items)}`;
  const bounded = Math.abs(schema.minimum ?? Infinity) < 1e12 && Math.abs(schema.maximum ?? Infinity) < 1e12;
  return `${schema.type ?? "any"}${bounded ? ` ${String(schema.minimum)}–${String(schema.maximum)}` : ""}`;
}

const escaped = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

/** A table of a document's fields; what is below `hidden` is told elsewhere. */
export const fieldTable = (schema: z.ZodType, hidden?: string): string =>
  table(
    ["field", "type", "meaning"],
    fieldsOf(z.toJSONSchema(schema, { io: "input" }) as Schema)
      .filter(({ path }) => hidden === undefined || !path.startsWith(`${hidden}.`))
      .map(({ path, schema: field }) => [`\`${path}\``, typeOf(field), meaningOf(field)]),
  );

export const meaningOf = ({ description }: Schema): string => escaped(description ?? "");

/** A Markdown table. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
