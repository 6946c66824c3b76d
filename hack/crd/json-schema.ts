import { z } from "zod";

/**
 * What of JSON Schema (draft 2020-12) the contract's documents use. Strict: a keyword that the translation to a
 * structural schema does not know is an error and not lost.
 */
export const JsonSchema = z.strictObject({
  $schema: z.string().optional(),
  description: z.string().optional(),
  type: z.enum(["object", "array", "string", "integer", "number", "boolean", "null"]).optional(),
  enum: z.array(z.string()).optional(),
  format: z.enum(["date", "date-time"]).optional(),
  pattern: z.string().optional(),
  minLength: z.int().optional(),
  maxLength: z.int().optional(),
  minimum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  maximum: z.number().optional(),
  minItems: z.int().optional(),
  maxItems: z.int().optional(),
  required: z.array(z.string()).optional(),
  get items() {
    return JsonSchema.optional();
  },
  get properties() {
    return z.record(z.string(), JsonSchema).optional();
  },
  get propertyNames() {
    return JsonSchema.optional();
  },
  get additionalProperties() {
    return z.union([z.boolean(), JsonSchema]).optional();
  },
  get anyOf() {
    return z.array(JsonSchema).optional();
  },
});
export type JsonSchema = z.infer<typeof JsonSchema>;

/** The schema of a document as people write it. Throws an Error for a keyword that is not known here. */
export function jsonSchemaOf(document: z.ZodType): JsonSchema {
  return JsonSchema.parse(z.toJSONSchema(document, { io: "input" }));
}
