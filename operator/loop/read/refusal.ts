import type { z } from "zod";

import { RunReason } from "../../../contract/run-reasons.ts";
import type { Refusal } from "../../reconcile/seen.ts";
import { valueAt } from "./known-fields.ts";

const longestMessage = 3500;
const longestValue = 80;

/** Why a spec cannot be used: each field with the value found and the rule, as many as a status has room for. */
export function invalidSpec(error: z.ZodError, spec: unknown): Refusal {
  const faults = error.issues.map((issue) => faultOf(issue, spec));
  const shown: string[] = [];
  for (const fault of faults) {
    if ([...shown, fault].join("; ").length > longestMessage) break;
    shown.push(fault);
  }
  const others = faults.length - shown.length;
  const more = others === 0 ? "" : `; and ${String(others)} more`;
  return { reason: RunReason.InvalidSpec, message: `Cannot use the spec: ${shown.join("; ")}${more}` };
}

function faultOf({ path, message }: z.core.$ZodIssue, spec: unknown): string {
  const found = valueAt(spec, path);
  const is = found === undefined ? "is missing" : `is ${shortened(JSON.stringify(found))}`;
  return `${pathText(path)} ${is}, ${ruleOf(message)}`;
}

const shortened = (text: string): string =>
  text.length <= longestValue ? text : `${text.slice(0, longestValue)}…`;

/** `spec.source.exclude[0].from`, as the API server writes it. */
const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, key) => text + (typeof key === "number" ? `[${String(key)}]` : `.${String(key)}`),
    "spec",
  );

/** Zod's own sentences, without what the fault says already. */
const ruleOf = (message: string): string =>
  message
    .replace(/^(Too big|Too small|Invalid input|Invalid option|Invalid string): /, "")
    .replace(/, received .*$/, "")
    .replace(/^Invalid ISO (\w+)$/, "expected an ISO 8601 $1");
