import { describe, expect, it } from "@jest/globals";
import { z } from "zod";

import { describeApi } from "../../../../operator/sidecar/api/openapi.ts";
import { route } from "../../../../operator/sidecar/http/route.ts";

const Operation = z.looseObject({
  operationId: z.string(),
  parameters: z.array(z.looseObject({ in: z.string(), name: z.string() })).default([]),
  requestBody: z.looseObject({ required: z.boolean().optional() }).optional(),
  responses: z.record(z.string(), z.looseObject({ content: z.record(z.string(), z.unknown()).optional() })),
});
const Document = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), Operation)) });

const right = () => ({ verb: "create", resource: "retrainruns" }) as const;
const handle = (): Promise<void> => Promise.resolve();
const describe_ = { summary: "It", responses: { 202: { description: "Done", content: z.object({}) } } };

function operationOf(differs: Partial<Parameters<typeof route>[0]> = {}) {
  const one = route({
    method: "post",
    path: "/api/x/:name/train",
    right,
    handle,
    describe: describe_,
    ...differs,
  });
  const { paths } = Document.parse(describeApi([one], "1.2.3"));
  const [[path, operations] = ["", {}]] = Object.entries(paths);
  return { path, operation: operations[one.method] };
}

describe("the description of a route", () => {
  it("has its path as OpenAPI writes it, under a name for programs", () => {
    const { path, operation } = operationOf();
    expect([path, operation?.operationId]).toEqual(["/api/x/{name}/train", "postXNameTrain"]);
  });

  it("has the answers of every call beside its own, those that are errors as problems", () => {
    const { responses = {} } = operationOf().operation ?? {};
    expect(Object.keys(responses)).toEqual(["202", "400", "401", "403", "413", "415", "429", "503"]);
    expect(Object.keys(responses["503"]?.content ?? {})).toEqual(["application/problem+json"]);
    expect(Object.keys(responses["202"]?.content ?? {})).toEqual(["application/json"]);
  });

  it("has none about bodies where there is none", () => {
    expect(operationOf({ method: "get" }).operation?.responses).not.toHaveProperty("415");
  });

  it.each<[string, z.ZodType, boolean]>([
    ["may be left out where an empty one does", z.object({ a: z.string().optional() }), false],
    ["is needed where it does not", z.object({ a: z.string() }), true],
  ])("says that a body %s", (_, body, required) => {
    expect(operationOf({ body }).operation?.requestBody?.required).toBe(required);
  });

  it.each([
    ["/api/train", ["Idempotency-Key"]],
    ["/api/models", []],
  ])("of %s has the header parameters %j", (path, names) => {
    const { parameters = [] } = operationOf({ path }).operation ?? {};
    expect(parameters.map(({ name }) => name)).toEqual(names);
  });
});
