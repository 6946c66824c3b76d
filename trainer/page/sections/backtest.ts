import type { BacktestWindow, TrainerReport } from "../../../contract/trainer-report.ts";
import { count, decimal, signed, span } from "../format.ts";
import { frameOf, type Row } from "../frame.ts";
import { markup, type Markup, type Part } from "../markup.ts";
import { paragraph, section, type Chapter } from "../section.ts";
import { numbers, table, type Column } from "../table.ts";

/** The same procedure on earlier windows. */
export async function backtest({
  backtest: windows = [],
  backtestSkipped = [],
}: TrainerReport): Promise<Chapter | undefined> {
  if (windows.length === 0 && backtestSkipped.length === 0) return undefined;
  return section(
    "backtest",
    "Does the procedure hold on earlier weeks?",
    paragraph(
      "Backtest: windows before the one above, each forecast by a model that was trained only on the rows before it.",
    ),
    windows.length === 0 ? undefined : await windowTable(windows),
    skipped(backtestSkipped),
  );
}

async function windowTable(windows: readonly BacktestWindow[]): Promise<Markup> {
  const hasRecipe = windows.some(({ championRecipe }) => championRecipe !== undefined);
  const frame = await frameOf(windows.map(windowRow));
  const recipe: Column = numbers("recipe", "Champion's recipe", (value) => decimal(value));
  return table(
    frame,
    [
      { key: "window", head: "Window" },
      numbers("rows", "Rows", count),
      numbers("trainedRows", "Trained on", count),
      numbers("candidate", "Candidate", (value) => decimal(value)),
      ...(hasRecipe ? [recipe] : []),
      numbers("naive", "Naive", (value) => decimal(value)),
      numbers("skill", "Skill", (value) => `${signed(value)}\u00a0%`),
    ],
    { caption: "Backtest windows, newest first; mean absolute errors in bicycles a day", looks: ["stacked"] },
  );
}

const windowRow = (tested: BacktestWindow): Row => ({
  window: span(tested.window),
  rows: tested.window.rows,
  trainedRows: tested.trainedRows,
  candidate: tested.candidate.mae,
  recipe: tested.championRecipe?.mae ?? null,
  naive: tested.naive.mae,
  skill: tested.skillPercent,
});

const skipped = (reasons: readonly string[]): Part =>
  reasons.length === 0
    ? undefined
    : markup`<ul class="note">${reasons.map((why) => markup`<li>${why}</li>`)}</ul>`;
