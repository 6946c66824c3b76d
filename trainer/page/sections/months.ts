import type { TrainerReport } from "../../../contract/trainer-report.ts";
import { month } from "../format.ts";
import { note, section, beside, type Chapter } from "../section.ts";
import { forecastKey } from "../plots/forecasts.ts";
import { dotPlot } from "../plots/dots.ts";
import { errorColumns, errorRow, errorsOf, marksOf } from "./errors.ts";
import { frameOf } from "../frame.ts";
import { table } from "../table.ts";

/** More would make a plot of metres; the newest are those that matter. */
const mostMonths = 36;

/** Error by month of the window. */
export async function months({ evaluation }: TrainerReport): Promise<Chapter | undefined> {
  if (evaluation === undefined || evaluation.months.length === 0) return undefined;
  const shown = evaluation.months.slice(-mostMonths);
  const marks = marksOf(shown);
  const rows = shown.map((error) => ({ month: month(error.month), ...errorRow(error) }));
  const earlier = evaluation.months.length - shown.length;
  return section(
    "months",
    "Error by month",
    forecastKey(marks),
    beside(
      await dotPlot(
        shown.map((error) => ({ label: month(error.month), errors: errorsOf(error) })),
        marks,
        "Mean absolute error by month, the same numbers as in the table",
      ),
      table(await frameOf(rows), [{ key: "month", head: "Month" }, ...errorColumns(marks)], {
        caption: "Error by month, bicycles a day",
        looks: ["heard", "dense"],
      }),
    ),
    note(
      "The first and the last month may be cut by the window.",
      earlier > 0
        ? ` Of ${String(evaluation.months.length)} months the newest ${String(mostMonths)} are shown.`
        : undefined,
    ),
  );
}
