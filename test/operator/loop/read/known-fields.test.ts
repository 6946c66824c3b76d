import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { z } from "zod";

import { Configuration } from "../../../../contract/configuration.ts";
import { RetrainRunStatus } from "../../../../contract/status.ts";
import { parseKnown, parseReadable } from "../../../../operator/loop/read/known-fields.ts";
import { readRun } from "../../../../operator/loop/read/run.ts";
import { rawRun } from "./raw.ts";

const Person = z.strictObject({
  name: z.string().max(5),
  age: z.int().optional(),
  pets: z
    .array(z.strictObject({ name: z.string(), legs: z.int().optional() }))
    .max(3)
    .optional(),
});
const People = z.object({ one: Person.optional(), all: z.array(Person).optional() });

describe("parseKnown()", () => {
  test("leaves out what is unknown inside lists and strict objects", () => {
    const raw = {
      one: {
        name: "a",
        x: 1,
        pets: [
          { name: "b", y: 2 },
          { z: 3, name: "c" },
        ],
      },
      w: 4,
    };
    expect(parseKnown(People, raw).data).toEqual({
      one: { name: "a", pets: [{ name: "b" }, { name: "c" }] },
    });
  });

  test("says only what is wrong with known fields", () => {
    const { error } = parseKnown(People, { one: { name: 7, x: 1 } });
    expect(error?.issues.map(({ path }) => path)).toEqual([["one", "name"]]);
  });
});

describe("parseReadable()", () => {
  test.each([
    { what: "an optional field alone", raw: { one: { name: "a", age: "x" } }, read: { one: { name: "a" } } },
    { what: "an object without its required field", raw: { one: { name: 7, age: 1 } }, read: {} },
    {
      what: "one item of a list and not its neighbours",
      raw: { all: [{ name: "a" }, { name: "too long" }, { name: "c" }] },
      read: { all: [{ name: "a" }, { name: "c" }] },
    },
    {
      what: "a list that is too long",
      raw: { one: { name: "a", pets: Array(4).fill({ name: "b" }) } },
      read: { one: { name: "a" } },
    },
    { what: "everything", raw: 7, read: {} },
  ])("leaves out $what", ({ raw, read }) => {
    expect(parseReadable(People, raw)).toEqual(read);
  });

  test("reads something of any status", () => {
    const field = fc.constantFrom(...Object.keys(RetrainRunStatus.shape), "later");
    fc.assert(
      fc.property(fc.dictionary(field, fc.jsonValue({ maxDepth: 4 })), (raw) => {
        const status = parseReadable(RetrainRunStatus, raw);
        expect(RetrainRunStatus.parse(status)).toEqual(status);
      }),
    );
  });
});

test("no object whatever makes reading a run throw", () => {
  const configuration = Configuration.parse({});
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue({ maxDepth: 5 }), (spec, status) => {
      expect(readRun(rawRun({ spec, status }), configuration)).toBeDefined();
    }),
  );
});
