import { dayOf, type Day } from "../../../trainer/days.ts";
import { featureNames, type FeatureName } from "../../../trainer/features/names.ts";
import type { History } from "../../../trainer/stages/clean.ts";
import type { DenseBlock } from "../../../trainer/xgboost/messages.ts";
import { matrixOf } from "../features/history-of.ts";

/** One row of the matrix by feature, with its day and its station's id. */
export interface Row {
  readonly day: Day;
  readonly id: string;
  readonly features: Readonly<Record<FeatureName, number>>;
  readonly label: number;
}

/** The rows that a model of this history sees, one by one. */
export const rowsByName = (history: History): Row[] =>
  matrixOf(history).map(([day, id, ...numbers]) => ({
    day: dayOf(String(day)),
    id: String(id),
    features: Object.fromEntries(
      featureNames.map((name, f) => [name, Number(numbers[f])]),
    ) as unknown as Row["features"],
    label: Number(numbers[featureNames.length]),
  }));

/** Rows as a matrix, column by column. */
export function blockOf(rows: readonly Row["features"][]): DenseBlock {
  const values = featureNames.flatMap((name) => rows.map((row) => row[name]));
  return { rows: rows.length, stride: rows.length, values: Float32Array.from(values) };
}
