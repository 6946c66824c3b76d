import type { GridRow, TrainerReport, TrainingReport } from "../../../contract/trainer-report.ts";
import { count, counted, decimal, span } from "../format.ts";
import { first, frameOf, sorted, type Row } from "../frame.ts";
import { markup, type Markup, type Part } from "../markup.ts";
import { heatKey, heatPlot } from "../plots/heat.ts";
import { beside, note, paragraph, section, type Chapter } from "../section.ts";
import { numbers, table } from "../table.ts";

/** Panels, one for each number of rounds, and rows of the table. */
const [mostPanels, mostRows] = [10, 40];

/** The search: mean RMSE of every candidate. */
export async function grid({ training }: TrainerReport): Promise<Chapter | undefined> {
  if (training === undefined || training.grid.length === 0) return undefined;
  const { grid: rows, gridRounds, folds } = training;
  return section(
    "grid",
    "Which parameters were tried",
    paragraph(
      `${counted(rows.length, "candidate")} over ${counted(folds.length, "fold")} in the order of time: ${counted(gridRounds, "round")} of boosting. The winner has the lowest mean RMSE; the published model has its parameters.`,
    ),
    heatKey(),
    beside(await heatMaps(training), await gridTable(training)),
    rows.length > mostRows
      ? note(`The best ${String(mostRows)} of ${counted(rows.length, "candidate")} are listed.`)
      : undefined,
    note(
      "Folds, trained on all rows before: ",
      folds.map(({ validFrom, validTo }) => span({ from: validFrom, to: validTo })).join("; "),
      ".",
    ),
  );
}

async function heatMaps({ grid: rows, winner }: TrainingReport): Promise<Markup> {
  const best = Math.min(...rows.map(({ meanRmse }) => meanRmse));
  const rounds = [...new Set(rows.map((row) => row.rounds))].sort((a, b) => a - b).slice(0, mostPanels);
  const panels = rounds.map(async (number) => {
    const some = rows.filter((row) => row.rounds === number);
    const alt = `Mean RMSE by depth and learning rate after ${count(number)} rounds, the same numbers as in the table`;
    const map = await heatPlot(some, { best, winner: some.find((row) => isSame(row, winner)) }, alt);
    return markup`<figure><figcaption>${counted(number, "round")}</figcaption>${map}</figure>`;
  });
  return markup`<div class="panels">${await Promise.all(panels)}</div>`;
}

const isSame = (row: GridRow, winner: TrainingReport["winner"]): boolean =>
  row.maxDepth === winner.maxDepth &&
  row.learningRate === winner.learningRate &&
  row.rounds === winner.rounds;

async function gridTable({ grid: rows, winner, folds }: TrainingReport): Promise<Part> {
  const frame = first(
    sorted(await frameOf(rows.map((row) => candidateRow(row, isSame(row, winner)))), "meanRmse", true),
    mostRows,
  );
  return table(
    frame,
    [
      numbers("maxDepth", "Depth", String),
      numbers("learningRate", "Learning rate", String),
      numbers("rounds", "Rounds", count),
      numbers("meanRmse", "Mean RMSE", (value) => decimal(value, 2)),
      ...folds.map((_, fold) =>
        numbers(`fold${String(fold)}`, `Fold ${String(fold + 1)}`, (value) => decimal(value, 2)),
      ),
    ],
    {
      caption: "Candidates, best first; RMSE in bicycles a day",
      looks: ["dense"],
      isStressed: ({ won }) => won === 1,
    },
  );
}

const candidateRow = (
  { maxDepth, learningRate, rounds, meanRmse, foldRmse }: GridRow,
  hasWon: boolean,
): Row => ({
  maxDepth,
  learningRate,
  rounds,
  meanRmse,
  won: hasWon ? 1 : 0,
  ...Object.fromEntries(foldRmse.map((rmse, fold) => [`fold${String(fold)}`, rmse])),
});
