import { describe, expect, test } from "@jest/globals";
import { z } from "zod";

import { jsonSchemaOf } from "../../hack/crd/json-schema.ts";
import { structural, type Structural } from "../../hack/crd/structural.ts";

const of = (schema: z.ZodType): Structural => structural(jsonSchemaOf(schema), "spec.x");

const translated: readonly { what: string; schema: z.ZodType; to: Structural }[] = [
  {
    what: "a text with its bounds",
    schema: z.string().min(1).max(9).regex(/^a/),
    to: { type: "string", minLength: 1, maxLength: 9, pattern: "^a" },
  },
  { what: "words", schema: z.enum(["A", "B"]), to: { type: "string", enum: ["A", "B"] } },
  { what: "a day, without zod's long pattern", schema: z.iso.date(), to: { type: "string", format: "date" } },
  { what: "a time", schema: z.iso.datetime(), to: { type: "string", format: "date-time" } },
  {
    what: "a whole number with bounds",
    schema: z.int().min(0).max(5),
    to: { type: "integer", format: "int64", minimum: 0, maximum: 5 },
  },
  {
    what: "a whole number without bounds of its own",
    schema: z.int(),
    to: { type: "integer", format: "int64" },
  },
  {
    what: "an open bound",
    schema: z.number().gt(0).max(1),
    to: { type: "number", minimum: 0, exclusiveMinimum: true, maximum: 1 },
  },
  { what: "a flag", schema: z.boolean(), to: { type: "boolean" } },
  {
    what: "a list",
    schema: z.array(z.boolean()).min(1).max(3),
    to: { type: "array", minItems: 1, maxItems: 3, items: { type: "boolean" } },
  },
  {
    what: "an object, strict or not",
    schema: z.strictObject({ a: z.boolean(), b: z.object({}).optional() }),
    to: {
      type: "object",
      required: ["a"],
      properties: { a: { type: "boolean" }, b: { type: "object", properties: {} } },
    },
  },
  {
    what: "a map with known keys as an object of optional fields",
    schema: z.partialRecord(z.enum(["a", "b"]), z.boolean()),
    to: { type: "object", properties: { a: { type: "boolean" }, b: { type: "boolean" } } },
  },
  {
    what: "an object with other fields",
    schema: z.object({ a: z.boolean() }).loose(),
    to: {
      type: "object",
      required: ["a"],
      properties: { a: { type: "boolean" } },
      "x-kubernetes-preserve-unknown-fields": true,
    },
  },
  { what: "anything", schema: z.unknown(), to: { "x-kubernetes-preserve-unknown-fields": true } },
  {
    what: "a value or null",
    schema: z.string().max(9).nullable().describe("Why"),
    to: { description: "Why", type: "string", maxLength: 9, nullable: true },
  },
  {
    what: "one text of several forms, as long as the longest",
    schema: z.union([z.iso.date(), z.string().regex(/^P/).max(21)]),
    to: { type: "string", maxLength: 21, anyOf: [{ format: "date" }, { pattern: "^P" }] },
  },
];

test.each(translated)("$what", ({ schema, to }) => {
  expect(of(schema)).toEqual(to);
});

const refused: readonly { what: string; schema: z.ZodType; says: string }[] = [
  { what: "a text without an end", schema: z.string(), says: "spec.x: a string without a maximum length" },
  {
    what: "a list without an end",
    schema: z.object({ a: z.array(z.boolean()) }),
    says: "spec.x.a: a list without a maximum",
  },
  {
    what: "an endless text in a list",
    schema: z.array(z.string()).max(1),
    says: "spec.x[]: a string without",
  },
  {
    what: "a map with free keys",
    schema: z.record(z.string().max(9), z.boolean()),
    says: "spec.x: a map with free keys",
  },
  {
    what: "looking ahead, which Go's expressions cannot",
    schema: z
      .string()
      .max(9)
      .regex(/^P(?=\d)/),
    says: "looks around or back",
  },
  {
    what: "looking back",
    schema: z
      .string()
      .max(9)
      .regex(/(?<!a)b/),
    says: "looks around or back",
  },
  {
    what: "a reference to a group",
    schema: z.string().max(9).regex(/(a)\1/),
    says: "looks around or back",
  },
  {
    what: "a union of unlike things",
    schema: z.union([z.boolean(), z.string().max(1)]),
    says: "a union of other things",
  },
  { what: "null alone", schema: z.null(), says: "null alone" },
  { what: "a default", schema: z.boolean().default(true), says: "default" },
  { what: "a keyword it does not know", schema: z.int().multipleOf(5), says: "multipleOf" },
];
describe("refuses, with the field's path,", () => {
  test.each(refused)("$what", ({ schema, says }) => {
    expect(() => of(schema)).toThrow(says);
  });

  test("but not a group that is not captured", () => {
    expect(
      of(
        z
          .string()
          .max(9)
          .regex(/(?:a|b)/),
      ),
    ).toMatchObject({ pattern: "(?:a|b)" });
  });
});
