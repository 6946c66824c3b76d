import { readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { z } from "zod";

import { checkNames } from "../../contract/checks.ts";
import { RetrainRunSpec } from "../../contract/retrain-run.ts";
import { crdText } from "../../hack/crd.ts";
import { printerColumns } from "../../hack/crd/columns.ts";
import { specSchema, statusSchema } from "../../hack/crd/definition.ts";
import { fieldsOf } from "../../hack/crd/fields.ts";
import { refinements, rootRules } from "../../hack/crd/rules.ts";
import type { Structural } from "../../hack/crd/structural.ts";

const spec = new Map(fieldsOf(specSchema()));
const status = new Map(fieldsOf(statusSchema()));
const all = [...spec, ...status];
const pathsWhere = (holds: (field: Structural) => boolean): string[] =>
  all.filter(([, field]) => holds(field)).map(([at]) => at);

test("crds/retrainrun.yaml is what the generator makes of the contract", () => {
  const file = path.join(import.meta.dirname, "..", "..", "crds", "retrainrun.yaml");
  expect(readFileSync(file, "utf8")).toBe(crdText());
});

test("the text is YAML without anchors, references and defaults but the empty spec", () => {
  const found: unknown[] = [];
  parse(crdText(), (key, value: unknown) => {
    if (key === "$ref") found.push("$ref");
    if (key === "default") found.push(value);
    return value;
  });
  expect(found).toEqual([{}]);
  expect(crdText()).not.toMatch(/[&*]a\d/u);
});

describe("every field", () => {
  test("of the spec may be left out at the top and in the configured sections", () => {
    expect(specSchema().required).toBeUndefined();
    const sections = ["source", "training", "training.grid", "gate", "checks", "storage", "job"];
    expect(sections.filter((section) => spec.get(section)?.required !== undefined)).toEqual([]);
  });

  test("has a sentence for kubectl explain", () => {
    const isItem = (at: string): boolean => at.endsWith("[]");
    expect(pathsWhere(({ description = "" }) => description === "").filter((at) => !isItem(at))).toEqual([]);
  });

  test("that is a text or a list has a maximum", () => {
    const isOpen = ({ type, enum: words, format, maxLength, maxItems }: Structural): boolean =>
      (type === "string" && (words ?? format ?? maxLength) === undefined) ||
      (type === "array" && maxItems === undefined);
    expect(pathsWhere(isOpen)).toEqual([]);
  });

  test("has a type, but for the trainer's input", () => {
    expect(pathsWhere(({ type }) => type === undefined)).toEqual(["resolved.input"]);
  });
});

describe("a description", () => {
  const described: readonly { at: string; ends: string }[] = [
    { at: "gate.tolerancePercent", ends: "Default: operator configuration (built in: 5)" },
    { at: "model", ends: "Default: operator configuration (built in: bike-traffic)" },
    { at: "storage.subPath", ends: 'Default: operator configuration (built in: "")' },
    { at: "training.grid.maxDepth", ends: "Default: operator configuration (built in: [3,5,7])" },
    { at: "ttlSecondsAfterFinished", ends: "Default: operator configuration" },
    { at: "source.blacklist", ends: "Default: operator configuration" },
    { at: "checks.severity.age", ends: "Default: operator configuration (built in: error)" },
    { at: "training.threads", ends: "Default: the container's CPU limit" },
    { at: "trigger", ends: "Default: Manual" },
    { at: "dryRun", ends: "Do everything except publishing" },
    { at: "gate", ends: "may become current" },
    { at: "source.exclude[].why", ends: "repeated in the report" },
  ];
  test.each(described)("of $at ends: $ends", ({ at, ends }) => {
    expect(spec.get(at)?.description?.slice(-ends.length)).toBe(ends);
  });

  test("of a check's severity says what the check looks at", () => {
    expect(spec.get("checks.severity.age")?.description).toMatch(/^Days between the newest count/u);
    expect(checkNames.filter((name) => !spec.has(`checks.severity.${name}`))).toEqual([]);
  });
});

describe("the rules", () => {
  test("fix every top-level field of the spec, each once, and the verdict", () => {
    const fixed = rootRules.map(({ fieldPath }) => fieldPath);
    expect(fixed).toEqual([
      ...Object.keys(RetrainRunSpec.shape).map((name) => `.spec.${name}`),
      ".status.verdict",
    ]);
  });

  /** Checks that JSON Schema cannot carry: zod's refine(). */
  function refined(): string[] {
    const found = new Set<string>();
    z.toJSONSchema(RetrainRunSpec, {
      io: "input",
      override: ({ zodSchema, path: at }) => {
        const isCustom = (zodSchema._zod.def.checks ?? []).some(({ _zod }) => _zod.def.check === "custom");
        if (isCustom) found.add(at.filter((_, index) => index % 2 === 1).join("."));
      },
    });
    return [...found];
  }

  test("say every refinement of the contract", () => {
    expect(refined().toSorted()).toEqual(Object.keys(refinements).toSorted());
  });

  test("of refinements are in the schema", () => {
    const withRules = [...spec].filter(([, field]) => field["x-kubernetes-validations"] !== undefined);
    expect(withRules.map(([at]) => at).toSorted()).toEqual(Object.keys(refinements).toSorted());
  });
});

describe("lists with an identity", () => {
  test.each([
    { list: "conditions", key: "type" },
    { list: "attempts", key: "job" },
  ])("$list is a map by $key, which each item has", ({ list, key }) => {
    expect(status.get(list)).toMatchObject({
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": [key],
    });
    expect(status.get(`${list}[]`)?.required).toContain(key);
  });
});

describe("the printer columns", () => {
  test("are the documented ones by default, more with -o wide", () => {
    const shown = printerColumns.filter(({ priority = 0 }) => priority === 0).map(({ name }) => name);
    const documented = ["Model", "Period", "Trigger", "Verdict", "Rows", "MAE", "Delta", "Version", "Age"];
    expect(shown).toEqual(documented);
    expect(printerColumns.length).toBeGreaterThan(shown.length);
  });

  test("show fields that exist, with their types", () => {
    const plain = printerColumns.flatMap(({ name, type, jsonPath }) => {
      const [, part, at] = /^\.(spec|status)\.([\w.]+)$/u.exec(jsonPath) ?? [];
      return at === undefined ? [] : [{ name, type, found: (part === "spec" ? spec : status).get(at)?.type }];
    });
    expect(plain.filter(({ type, found }) => type !== found)).toEqual([]);
    expect(plain.length).toBeGreaterThan(9);
  });
});
