import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { z } from "zod";

import { checks } from "../contract/checks.ts";
import { builtInDefaults, builtInModel } from "../contract/defaults.ts";
import { ExitCode } from "../contract/exit-codes.ts";
import { gateRules } from "../contract/gate-rules.ts";
import { failureReasons, Reason } from "../contract/reasons.ts";
import { RetrainRunSpec } from "../contract/retrain-run.ts";
import { stageNames } from "../contract/stages.ts";
import { TrainerReport } from "../contract/trainer-report.ts";
import { Verdict } from "../contract/verdicts.ts";

/** What of JSON Schema the contract's documents use. */
interface Schema {
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

function fieldsOf(schema: Schema, prefix = ""): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const at = prefix === "" ? name : `${prefix}.${name}`;
    const inner = field.properties === undefined ? field.items : field;
    const below =
      inner?.properties === undefined ? [] : fieldsOf(inner, field.items === undefined ? at : `${at}[]`);
    return [{ path: at, schema: field }, ...below];
  });
}

function typeOf(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.map(String).join(" \\| ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(" \\| ");
  if (schema.items !== undefined) return `list of ${typeOf(schema.items)}`;
  const bounded = Math.abs(schema.minimum ?? Infinity) < 1e12 && Math.abs(schema.maximum ?? Infinity) < 1e12;
  return `${schema.type ?? "any"}${bounded ? ` ${String(schema.minimum)}–${String(schema.maximum)}` : ""}`;
}

function defaultOf(at: string): string {
  if (at === "model") return builtInModel;
  const value = at
    .split(".")
    .reduce<unknown>(
      (inner, name) => (inner as Record<string, unknown> | undefined)?.[name],
      builtInDefaults,
    );
  const isShown = value !== undefined && (typeof value !== "object" || Array.isArray(value));
  return isShown ? `\`${JSON.stringify(value)}\`` : "";
}

const escaped = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

/** docs/api.md: what people may write and read, from the schemas and tables that the code itself uses. */
export function apiReference(): string {
  const spec = fieldsOf(z.toJSONSchema(RetrainRunSpec) as Schema);
  const report = fieldsOf(z.toJSONSchema(TrainerReport) as Schema);
  const specRows = spec.map(({ path: at, schema }) => [
    `\`${at}\``,
    typeOf(schema),
    defaultOf(at),
    escaped(schema.description ?? ""),
  ]);
  const reportRows = report.map(({ path: at, schema }) => [
    `\`${at}\``,
    typeOf(schema),
    escaped(schema.description ?? ""),
  ]);
  return [
    "# API reference",
    "Made by `npm run docs` from `contract/`; do not edit.",
    "## RetrainRun spec (`retrain.velo/v1alpha1`)",
    "Every field is optional; configuration and then these built-in defaults complete it.",
    table(["field", "type", "built-in default", "meaning"], specRows),
    "## Verdicts",
    table(
      ["verdict"],
      Object.values(Verdict).map((verdict) => [verdict]),
    ),
    "## Reasons",
    "A failed run carries one of these, and its exit code tells whether a retry can help:",
    table(
      ["reason", "exit code"],
      Object.entries(failureReasons).map(([reason, code]) => [reason, String(code)]),
    ),
    `An aborted run carries its first failed check's reason, a run that the gate rejected its first failed rule's; other verdicts: ${Object.values(Reason).join(", ")}.`,
    "## Exit codes",
    table(
      ["code", "name"],
      Object.entries(ExitCode).map(([name, code]) => [String(code), name]),
    ),
    "## Checks of the data gate",
    table(
      ["check", "severity", "reason", "looks at"],
      Object.entries(checks).map(([name, { severity, reason, looksAt }]) => [
        name,
        severity,
        reason,
        looksAt,
      ]),
    ),
    "## Rules of the gate",
    table(
      ["rule", "reason", "asks that"],
      Object.entries(gateRules).map(([name, { reason, asks }]) => [name, reason, asks]),
    ),
    "## Stages",
    stageNames.join(" → "),
    "## Report (`--json FILE`)",
    table(["field", "type", "meaning"], reportRows),
    "",
  ].join("\n\n");
}

const file = path.join(import.meta.dirname, "..", "docs", "api.md");
if (import.meta.main) {
  const text = apiReference();
  if (!process.argv.includes("--check")) writeFileSync(file, text);
  else if (readFileSync(file, "utf8") !== text) {
    process.stderr.write("docs/api.md is stale: run npm run docs\n");
    process.exitCode = 1;
  }
}
