import { given } from "../../contract/given.ts";
import type { JsonSchema } from "./json-schema.ts";

/** A CEL rule, as `x-kubernetes-validations` lists them. */
export interface Rule {
  readonly rule: string;
  readonly message: string;
  readonly reason?: "FieldValueForbidden" | "FieldValueInvalid";
  readonly fieldPath?: string;
}

/** A structural schema: the OpenAPI v3 that the API server accepts in a CustomResourceDefinition. */
export interface Structural {
  readonly description?: string;
  readonly type?: "object" | "array" | "string" | "integer" | "number" | "boolean";
  readonly default?: object;
  readonly nullable?: true;
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: true;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Structural;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Structural>>;
  readonly anyOf?: readonly Structural[];
  readonly "x-kubernetes-preserve-unknown-fields"?: true;
  readonly "x-kubernetes-list-type"?: "map";
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-validations"?: readonly Rule[];
}

/**
 * The structural form of a JSON Schema. `at` is the field's path, for errors. Throws an Error for what has no such
 * form, and for a string, list or map without a maximum: the API server refuses CEL rules whose cost has no bound.
 */
export function structural(schema: JsonSchema, at: string): Structural {
  const { description, anyOf } = schema;
  return given({ description, ...(anyOf === undefined ? form(schema, at) : union(anyOf, at)) });
}

function form(schema: JsonSchema, at: string): Structural {
  switch (schema.type) {
    case undefined:
      return { "x-kubernetes-preserve-unknown-fields": true };
    case "object":
      return object(schema, at);
    case "array":
      return array(schema, at);
    case "string":
      return text(schema, at);
    case "integer":
    case "number":
      return number(schema);
    case "boolean":
      return { type: "boolean" };
    case "null":
      throw new Error(`${at}: null alone has no structural form`);
    default:
      return schema.type satisfies never;
  }
}

/** `X or null` is a nullable X; strings of several forms are one string with `anyOf`. Nothing else has a structural form. */
function union(branches: readonly JsonSchema[], at: string): Structural {
  const [first, ...others] = branches
    .filter(({ type }) => type !== "null")
    .map((branch) => structural(branch, at));
  if (first === undefined) throw new Error(`${at}: a union of nothing`);
  if (others.length < branches.length - 1) return { ...oneOrText(first, others, at), nullable: true };
  return oneOrText(first, others, at);
}

function oneOrText(first: Structural, others: readonly Structural[], at: string): Structural {
  if (others.length === 0) return first;
  const branches = [first, ...others];
  if (branches.some(({ type }) => type !== "string")) {
    throw new Error(`${at}: a union of other things than strings has no structural form`);
  }
  const maxLength = Math.max(...branches.map((branch) => branch.maxLength ?? dayLength));
  return {
    type: "string",
    maxLength,
    anyOf: branches.map(({ format, pattern }) => given({ format, pattern })),
  };
}

const dayLength = "2026-12-01".length;

function object(schema: JsonSchema, at: string): Structural {
  const properties = Object.entries(schema.properties ?? named(schema, at)).map(
    ([name, field]) => [name, structural(field, `${at}.${name}`)] as const,
  );
  return given({
    type: "object" as const,
    required: schema.required,
    properties: Object.fromEntries(properties),
    "x-kubernetes-preserve-unknown-fields": isLoose(schema) ? (true as const) : undefined,
  });
}

/** Fields beside the known ones, of any form. */
const isLoose = ({ additionalProperties: others, propertyNames }: JsonSchema): boolean =>
  typeof others === "object" && Object.keys(others).length === 0 && propertyNames === undefined;

/** A map whose keys are known words is an object of optional fields: `kubectl explain` then knows each of them. */
function named(schema: JsonSchema, at: string): Record<string, JsonSchema> {
  const { propertyNames, additionalProperties: value } = schema;
  if (typeof value !== "object" || isLoose(schema)) return {};
  if (propertyNames?.enum === undefined)
    throw new Error(`${at}: a map with free keys has no maximum of entries`);
  return Object.fromEntries(propertyNames.enum.map((name) => [name, value]));
}

function array({ items, minItems, maxItems }: JsonSchema, at: string): Structural {
  if (items === undefined) throw new Error(`${at}: a list of nothing`);
  if (maxItems === undefined) throw new Error(`${at}: a list without a maximum of items`);
  return given({ type: "array" as const, minItems, maxItems, items: structural(items, `${at}[]`) });
}

function text({ enum: words, format, pattern, minLength, maxLength }: JsonSchema, at: string): Structural {
  if (words !== undefined) return { type: "string", enum: words };
  // The API server checks both formats itself, leap years included; zod's pattern for them would fill its messages.
  if (format !== undefined) return { type: "string", format };
  if (maxLength === undefined) throw new Error(`${at}: a string without a maximum length`);
  if (pattern !== undefined && !isPortable(pattern)) {
    throw new Error(`${at}: the pattern ${pattern} looks around or back, which Go's expressions cannot`);
  }
  return given({ type: "string" as const, minLength, maxLength, pattern });
}

const isPortable = (pattern: string): boolean => !/\(\?(?!:)|\\[1-9]|\\[pPu]/u.test(pattern);

function number(schema: JsonSchema): Structural {
  const { minimum, maximum, exclusiveMinimum } = schema;
  const type = schema.type === "integer" ? ("integer" as const) : ("number" as const);
  return given({
    type,
    format: type === "integer" ? "int64" : undefined,
    minimum: exclusiveMinimum ?? bound(minimum),
    exclusiveMinimum: exclusiveMinimum === undefined ? undefined : (true as const),
    maximum: bound(maximum),
  });
}

/** Bounds that only say "what a double can count" are this language's and not the field's. */
const bound = (value: number | undefined): number | undefined =>
  value !== undefined && Number.isSafeInteger(value) && Math.abs(value) === Number.MAX_SAFE_INTEGER
    ? undefined
    : value;
