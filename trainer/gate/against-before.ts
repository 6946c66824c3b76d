import type { Gate } from "../../contract/spec/gates.ts";
import { atMost, figure, known } from "./figures.ts";
import type { Drift, Finding, Rule } from "./evidence.ts";

/** Served predictions are whole numbers: of an MAE below one count a day, rounding is a large part. */
const smallestError = 1;

/** An error in percent of an earlier one. */
const percentOf = (error: number, before: number, whose: string): number =>
  (100 * known(error, whose)) / Math.max(smallestError, known(before, `${whose}, before`));

/** Of fewer rows than that share of what it was trained on, nothing can be said but that they are gone. */
const leastRowsPercent = 50;

/** The champion still fits the days that it was trained on: else these days are not what they were. */
export const history: Rule = ({ drift }, limits) => {
  if (drift === undefined || drift.nThen < limits.minWindowRows) return undefined;
  return (100 * drift.n) / drift.nThen < leastRowsPercent ? rowsGone(drift) : sameError(drift, limits);
};

function rowsGone({ from, to, n, nThen }: Drift): Finding {
  const value = (100 * n) / nThen;
  return {
    passed: false,
    value,
    limit: leastRowsPercent,
    unit: "%",
    message: `From ${from} to ${to}, the newest days that the champion was trained on, ${figure(n)} of its ${figure(nThen)} rows are left: ${figure(value)} %, expected at least ${String(leastRowsPercent)} %; look whether stations were renamed or the import has lost these days, and publish with spec.force if they are right now`,
  };
}

function sameError(drift: Drift, { maxHistoryErrorPercent: limit }: Gate): Finding {
  const { from, to, then, now, n, nThen } = drift;
  const value = percentOf(now, then, "the champion's MAE on its training days");
  const passed = atMost(value, limit);
  const found = `From ${from} to ${to}, the newest days that it was trained on, the champion's MAE is ${figure(now)} counts a day on ${figure(n)} rows and was ${figure(then)} on ${figure(nThen)} when it was published: ${figure(value)} %`;
  return {
    passed,
    value,
    limit,
    unit: "%",
    message: passed
      ? `${found}, at most ${figure(limit)} % is allowed`
      : `${found}, expected at most ${figure(limit)} %; the history has changed since: compare its counts, weather and coordinates with a backup, and publish with spec.force if they are right now`,
  };
}

/** With the new days in its training the model still fits the days before them as well as without. */
export const newData: Rule = (evidence, { maxNewDataErrorPercent: limit }) => {
  if (evidence.newData === undefined || evidence.newData.n === 0) return undefined;
  const { final, candidate, n } = evidence.newData;
  const value = percentOf(final, candidate, "the final model's MAE before the window");
  const passed = atMost(value, limit);
  const found = `On ${figure(n)} rows before the window the final model's MAE is ${figure(final)} counts a day, without the window's rows in its training ${figure(candidate)}: ${figure(value)} %`;
  return {
    passed,
    value,
    limit,
    unit: "%",
    message: passed
      ? `${found}, at most ${figure(limit)} % is allowed`
      : `${found}, expected at most ${figure(limit)} %; the newest days spoil the model: look at their counts, and take wrong ones out with source.exclude`,
  };
};
