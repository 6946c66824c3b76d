import type { Evaluation, Metrics } from "../../contract/trainer-report.ts";
import { given } from "../../contract/given.ts";
import { dayText } from "../days.ts";
import type { StationTable } from "../evaluate/judged.ts";
import { namedError, type Scores } from "../evaluate/score.ts";
import type { Window } from "../evaluate/window.ts";
import type { Row } from "../demo/tables-text.ts";
import type { Answer } from "./answer.ts";
import type { Asked } from "./asked.ts";
import { decimals } from "./cells.ts";

export interface Scored {
  readonly scores: Scores;
  readonly window: Window;
  readonly stations: StationTable["stations"];
}

/** One model's errors, or two models', on the same rows; `candidate` is the first, `champion` the second. */
type Errors = Pick<Evaluation, "candidate" | "champion" | "naive">;

/** In total, by month and by counter. */
export function scoreAnswer(
  { model }: Asked["score"],
  versions: readonly string[],
  { scores, window, stations }: Scored,
): Answer {
  const names =
    versions.length === 1 ? versions : versions.map((version, i) => `${"AB"[i] ?? ""} ${version}`);
  const counters = scores.stations.map((station) => namedError(station, stations));
  const [from, to] = [dayText(window.from), dayText(window.to)];
  const document = {
    model,
    versions,
    window: { from, to, days: window.days },
    total: { ...errorsOf(scores), lastWeek: scores.lastWeek },
    months: scores.months.map(({ month, ...errors }) => ({ month, ...errorsOf(errors) })),
    stations: counters.map(({ station, name, ...errors }) => given({ station, name, ...errorsOf(errors) })),
    unknownStations: scores.unknown,
  };
  const months = scores.months.map((errors) => maeRow({ month: errors.month }, errors, names));
  const rows = counters.map((errors) => maeRow({ counter: errors.name ?? errors.station }, errors, names));
  return {
    document: given(document),
    text: [
      {
        title: `${model} from ${from} to ${to}, served predictions, counts a day`,
        rows: totalRows(scores, names),
      },
      { title: "Mean absolute error by month", rows: months },
      { title: "Mean absolute error by counter, the largest first", rows },
      ...unknownText(scores),
    ],
    exitCode: 0,
  };
}

const errorsOf = ({ candidate, champion, naive }: Errors) => given({ a: candidate, b: champion, naive });

const totalRows = (
  { candidate, champion, naive, lastWeek }: Scores,
  [first = "", second = ""]: readonly string[],
): Row[] => [
  metricsRow(first, candidate),
  ...(champion === undefined ? [] : [metricsRow(second, champion)]),
  metricsRow("mean(lag_1, lag_7)", naive),
  metricsRow("lag_7", lastWeek),
];

const metricsRow = (forecast: string, { n, mae, rmse, wapePercent, r2, bias }: Metrics): Row => ({
  forecast,
  n: String(n),
  MAE: decimals(mae),
  RMSE: decimals(rmse),
  "WAPE %": decimals(wapePercent),
  "R²": decimals(r2, 3),
  bias: decimals(bias),
});

/** Of one model also its bias; of two the second's difference from the first. */
function maeRow(
  of: Row,
  { candidate, champion, naive }: Errors,
  [first = "", second = ""]: readonly string[],
): Row {
  const n = String(candidate.n);
  const own = { [champion === undefined ? "MAE" : first]: decimals(candidate.mae) };
  const rest =
    champion === undefined
      ? { bias: decimals(candidate.bias) }
      : { [second]: decimals(champion.mae), "B - A": decimals(champion.mae - candidate.mae) };
  return { ...of, n, ...own, ...rest, "naive MAE": decimals(naive.mae) };
}

function unknownText({ unknown }: Scores): string[] {
  if (unknown === undefined) return [];
  const { stations, naive } = unknown;
  return [`Not scored: ${String(naive.n)} rows of ${String(stations)} stations that no number is known for.`];
}
