import { readFileSync } from "node:fs";
import path from "node:path";

import { expect, test } from "@jest/globals";

import { checkNames } from "../../contract/checks.ts";
import { failureReasons } from "../../contract/reasons.ts";
import { Verdict } from "../../contract/verdicts.ts";
import { apiReference } from "../../hack/docs.ts";

test("docs/api.md is what npm run docs makes of the contract", () => {
  const file = path.join(import.meta.dirname, "..", "..", "docs", "api.md");
  expect(readFileSync(file, "utf8")).toBe(apiReference());
});

test("the reference has every word that users match on", () => {
  const text = apiReference();
  const words = [...checkNames, ...Object.keys(failureReasons), ...Object.values(Verdict)];
  expect(words.filter((word) => !text.includes(`| ${word} |`))).toEqual([]);
});

test("the reference has nested fields with their defaults", () => {
  const text = apiReference();
  expect(text).toContain("| `training.grid.maxDepth` | list of integer 1–16 | `[3,5,7]` |");
  expect(text).toContain("| `source.exclude[].why` | string |");
  expect(text).toContain("| `checks.minRows` | integer 1–1000000000 | `1000` |");
});
