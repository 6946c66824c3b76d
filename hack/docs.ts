import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { z } from "zod";

import { checks } from "../contract/checks.ts";
import { Configuration } from "../contract/configuration.ts";
import { builtInDefaults, builtInModel } from "../contract/defaults.ts";
import { ExitCode } from "../contract/exit-codes.ts";
import { gateRules } from "../contract/gate-rules.ts";
import { failureReasons, Reason } from "../contract/reasons.ts";
import { RetrainRunSpec } from "../contract/retrain-run.ts";
import { runReasons } from "../contract/run-reasons.ts";
import { stageNames } from "../contract/stages.ts";
import { RetrainRunStatus } from "../contract/status.ts";
import { TrainerReport } from "../contract/trainer-report.ts";
import { Verdict } from "../contract/verdicts.ts";
import { fieldsOf, fieldTable, meaningOf, table, typeOf, type Schema } from "./docs/fields.ts";

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

const words = (names: object): string =>
  table(
    ["verdict"],
    Object.values(names).map((name) => [String(name)]),
  );

/** docs/api.md: what people may write and read, from the schemas and tables that the code itself uses. */
export function apiReference(): string {
  const spec = fieldsOf(z.toJSONSchema(RetrainRunSpec) as Schema);
  const specRows = spec.map(({ path: at, schema }) => [
    `\`${at}\``,
    typeOf(schema),
    defaultOf(at),
    meaningOf(schema),
  ]);
  return [
    "# API reference",
    "Made by `npm run docs` from `contract/`; do not edit.",
    "## RetrainRun spec (`retrain.velo/v1alpha1`)",
    "Every field is optional; configuration and then these built-in defaults complete it.",
    table(["field", "type", "built-in default", "meaning"], specRows),
    "## RetrainRun status",
    "Written by the operator. Times are RFC 3339, floats are text.",
    fieldTable(RetrainRunStatus),
    "## Configuration of the operator",
    "One YAML document, the file that `CONFIG_FILE` names. A run's spec stands above its model's, that above `defaults`, and the built-in defaults below all.",
    fieldTable(Configuration, "defaults"),
    "## Verdicts",
    words(Verdict),
    "## Reasons",
    "A failed run carries one of these, and its exit code tells whether a retry can help:",
    table(
      ["reason", "exit code"],
      Object.entries(failureReasons).map(([reason, code]) => [reason, String(code)]),
    ),
    `An aborted run carries its first failed check's reason, a run that the gate rejected its first failed rule's; other verdicts: ${Object.values(Reason).join(", ")}.`,
    "What the operator says of a run in conditions, attempts, Events and verdicts of its own:",
    table(["reason", "meaning"], Object.entries(runReasons)),
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
    fieldTable(TrainerReport),
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
