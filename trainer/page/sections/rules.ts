import { gateRules } from "../../../contract/gate-rules.ts";
import type { GateReport, GateRule } from "../../../contract/trainer-report.ts";
import { decimal, percent } from "../format.ts";
import { frameOf, type Cell } from "../frame.ts";
import { markup, type Part } from "../markup.ts";
import { statusBadge } from "../status.ts";
import { table } from "../table.ts";

/** The gate's rules with value and limit. */
export async function rulesTable({ rules }: GateReport): Promise<Part> {
  if (rules.length === 0) return undefined;
  const frame = await frameOf(
    rules.map((rule) => ({
      name: rule.name,
      asks: gateRules[rule.name].asks,
      message: rule.message,
      value: measured(rule.value, rule.unit),
      limit: measured(rule.limit, rule.unit),
      status: rule.passed ? "passed" : "failed",
    })),
  );
  return markup`<h3>Rules of the gate</h3>
<div id="rules">${table(
    frame,
    [
      {
        key: "message",
        head: "Rule",
        show: (message, { name, asks }) => finding(message, name ?? null, asks ?? null),
      },
      { key: "value", head: "Value", isNumber: true },
      { key: "limit", head: "Limit", isNumber: true },
      { key: "status", head: "Result", show: statusBadge },
    ],
    {
      caption: "Rules of the gate with value and limit",
      looks: ["heard", "stacked"],
      isStressed: ({ status }) => status === "failed",
    },
  )}</div>`;
}

const measured = (value: number, unit: GateRule["unit"]): string =>
  unit === "%" ? percent(value) : decimal(value);

/** What was found, and beneath it the name and what it looks at. */
export const finding = (message: Cell, name: Cell, looksAt: Cell): Part =>
  markup`${message ?? ""}<span class="sub"><code>${name ?? ""}</code> ${looksAt ?? ""}</span>`;
