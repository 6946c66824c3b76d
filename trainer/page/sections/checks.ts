import { checks as words } from "../../../contract/checks.ts";
import type { CheckResult, TrainerReport } from "../../../contract/trainer-report.ts";
import { counted, decimal } from "../format.ts";
import { frameOf, sorted, type Row } from "../frame.ts";
import { paragraph, section, type Chapter } from "../section.ts";
import { statusBadge } from "../status.ts";
import { table } from "../table.ts";
import { finding } from "./rules.ts";

/** The data gate, failed checks first. */
export async function checks({ checks: results }: TrainerReport): Promise<Chapter | undefined> {
  if (results.length === 0) return undefined;
  const frame = sorted(await frameOf(results.map(checkRow)), "urgency");
  return section(
    "checks",
    "Are the data sound?",
    paragraph(summary(results)),
    table(
      frame,
      [
        {
          key: "message",
          head: "Check",
          show: (message, { name, looksAt }) => finding(message, name ?? null, looksAt ?? null),
        },
        { key: "value", head: "Value", isNumber: true },
        { key: "limit", head: "Limit", isNumber: true },
        { key: "status", head: "Result", show: statusBadge },
      ],
      {
        caption: "Data checks with value and limit",
        looks: ["heard", "stacked"],
        isStressed: ({ status }) => status === "failed",
      },
    ),
  );
}

const statusOf = ({ passed, severity }: CheckResult): "passed" | "warning" | "failed" => {
  if (passed) return "passed";
  return severity === "error" ? "failed" : "warning";
};
const urgency = { passed: 0, warning: 1, failed: 2 };

const checkRow = (result: CheckResult): Row => ({
  name: result.name,
  looksAt: words[result.name].looksAt,
  message: result.message,
  value: shown(result.value),
  limit: shown(result.limit),
  status: statusOf(result),
  urgency: urgency[statusOf(result)],
});

const shown = (value: number | string): string =>
  typeof value === "string" ? value : decimal(value, Number.isInteger(value) ? 0 : 1);

function summary(results: readonly CheckResult[]): string {
  const number = (status: string): number => results.filter((result) => statusOf(result) === status).length;
  const [failed, warned] = [number("failed"), number("warning")];
  if (failed > 0)
    return `${counted(failed, "check")} of ${counted(results.length, "check")} failed, so no model was trained on these data.`;
  return warned === 0
    ? `All ${counted(results.length, "check")} are passed.`
    : `No check failed; ${counted(warned, "check")} of ${counted(results.length, "check")} found something to look at, which does not stop a run.`;
}
