import type { MonthError } from "../../../contract/trainer-report.ts";
import { count, decimal, percent } from "../format.ts";
import type { Row } from "../frame.ts";
import type { DotRow } from "../plots/dots.ts";
import { forecastMarks, type ForecastMark } from "../plots/forecasts.ts";
import { numbers, type Column } from "../table.ts";

/** Errors of the same rows under each forecast: of a month, or of a counter. */
export type Compared = Pick<MonthError, "candidate" | "champion" | "naive">;

/** The forecasts that any of the lines has; without a champion there is nothing to draw of it. */
export const marksOf = (lines: readonly Compared[]): readonly ForecastMark[] =>
  forecastMarks.filter(({ name }) => lines.some((line) => line[name] !== undefined));

export const errorsOf = ({ candidate, champion, naive }: Compared): DotRow["errors"] => ({
  candidate: candidate.mae,
  ...(champion === undefined ? {} : { champion: champion.mae }),
  naive: naive.mae,
});

export const errorRow = ({ candidate, champion, naive }: Compared): Row => ({
  n: candidate.n,
  candidate: candidate.mae,
  champion: champion?.mae ?? null,
  naive: naive.mae,
  wape: candidate.wapePercent,
});

const mae = (value: number): string => decimal(value);

/** n, the MAE of each forecast, and the candidate's WAPE. */
export const errorColumns = (marks: readonly ForecastMark[]): Column[] => [
  numbers("n", "n", count),
  ...marks.map(({ name }) => numbers(name, heads[name], mae)),
  numbers("wape", "WAPE", (value) => percent(value)),
];

const heads = { candidate: "Candidate MAE", champion: "Champion MAE", naive: "Naive MAE" } as const;
