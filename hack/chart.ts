import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { format } from "prettier";
import { z } from "zod";

import { readmeWith } from "./chart/readme.ts";
import { Values } from "./chart/values.ts";
import { crdText } from "./crd.ts";

const project = path.join(import.meta.dirname, "..");
const chart = path.join("charts", "retrain-operator");

/** Files of the chart that are made, by their path in the project: its copy of the CRD, the schema of its values, the table of them. */
export async function chartTexts(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    [path.join(chart, "files", "retrainrun.yaml"), crdText()],
    [path.join(chart, "values.schema.json"), await valuesSchema()],
    [path.join(chart, "README.md"), await readme()],
  ]);
}

const read = (file: string): string => readFileSync(path.join(project, file), "utf8");

/** Helm reads draft 7. */
async function valuesSchema(): Promise<string> {
  const schema = z.toJSONSchema(Values, { target: "draft-7", io: "input" });
  return await format(JSON.stringify(schema), { parser: "json", printWidth: 110 });
}

async function readme(): Promise<string> {
  const text = readmeWith(read(path.join(chart, "README.md")), read(path.join(chart, "values.yaml")));
  return await format(text, { parser: "markdown", printWidth: 110 });
}

/** Paths of those that are not as they would be made. */
export async function staleFiles(): Promise<readonly string[]> {
  const texts = [...(await chartTexts())];
  return texts.filter(([file, text]) => read(file) !== text).map(([file]) => file);
}

if (import.meta.main) {
  if (process.argv.includes("--check")) {
    for (const file of await staleFiles()) {
      process.stderr.write(`${file} is stale: run node hack/chart.ts\n`);
      process.exitCode = 1;
    }
  } else {
    for (const [file, text] of await chartTexts()) writeFileSync(path.join(project, file), text);
  }
}
