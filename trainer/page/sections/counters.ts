import type { DataFrame } from "danfojs-node";

import type { StationError, TrainerReport } from "../../../contract/trainer-report.ts";
import { counted, count, decimal } from "../format.ts";
import { first, frameOf, rowsOf, sorted, type Row } from "../frame.ts";
import { markup, type Markup, type Part } from "../markup.ts";
import { withoutCommonStart } from "../names.ts";
import { dotPlot } from "../plots/dots.ts";
import { forecastKey, type ForecastMark } from "../plots/forecasts.ts";
import { beside, facts, note, section, type Chapter } from "../section.ts";
import { table } from "../table.ts";
import { errorColumns, errorRow, errorsOf, marksOf } from "./errors.ts";

/** Counters in the table, and the worst of them in the plot. */
const [mostRows, mostDots] = [60, 20];

/** Error by counter, the worst first. */
export async function counters({ evaluation }: TrainerReport): Promise<Chapter | undefined> {
  if (evaluation === undefined || evaluation.stations.length === 0) return undefined;
  const { stations } = evaluation;
  const marks = marksOf(stations);
  const all = sorted(await frameOf(stations.map(stationRow)), "candidate");
  return section(
    "counters",
    "Error by counter",
    forecastKey(marks),
    beside(await worstPlot(stations, marks), summary(stations, all)),
    table(first(all, mostRows), [{ key: "name", head: "Counter", show: nameAndId }, ...errorColumns(marks)], {
      caption: "Error by counter, worst first, bicycles a day",
      looks: ["dense", "stacked"],
    }),
    rest(rowsOf(all).slice(mostRows)),
  );
}

const nameOf = ({ name, station }: StationError): string => name ?? station;

const stationRow = (error: StationError): Row => ({
  name: nameOf(error),
  id: error.name === undefined ? "" : error.station,
  ...errorRow(error),
});

const nameAndId = (name: Row[string], { id }: Row): Part =>
  markup`<bdi>${name ?? ""}</bdi><span class="sub">${id ?? ""}</span>`;

async function worstPlot(stations: readonly StationError[], marks: readonly ForecastMark[]): Promise<Markup> {
  const worst = stations.toSorted((a, b) => b.candidate.mae - a.candidate.mae).slice(0, mostDots);
  const labels = withoutCommonStart(worst.map(nameOf));
  const rows = worst.map((error, i) => ({ label: labels[i] ?? "", errors: errorsOf(error) }));
  return await dotPlot(
    rows,
    marks,
    "Mean absolute error of the worst counters, the same numbers as in the table",
  );
}

function summary(stations: readonly StationError[], all: DataFrame): Markup {
  const better = (than: "champion" | "naive"): string | undefined => {
    const both = stations.flatMap(({ candidate, [than]: other }) =>
      other === undefined ? [] : [{ candidate, other }],
    );
    const won = both.filter(({ candidate, other }) => candidate.mae < other.mae).length;
    const equal = both.filter(({ candidate, other }) => candidate.mae === other.mae).length;
    const also = equal === 0 ? "" : `, equal at ${count(equal)}`;
    return both.length === 0 ? undefined : `at ${count(won)} of ${counted(both.length, "counter")}${also}`;
  };
  return markup`${facts([
    ["Candidate better than the champion", better("champion")],
    ["Candidate better than naive", better("naive")],
    ["Half of the counters have an MAE below", `${decimal(all.column("candidate").median())} bicycles a day`],
  ])}${note(
    `The plot shows the ${stations.length > mostDots ? `${String(mostDots)} counters with the largest error` : "counters"}: the farther to the left, the better. Busy counters have large errors because they count more; WAPE sets the error against the count.`,
  )}`;
}

function rest(rows: readonly Row[]): Part {
  const errors = rows.map(({ candidate }) => Number(candidate));
  const [highest, lowest] = [errors.at(0), errors.at(-1)];
  if (highest === undefined || lowest === undefined) return undefined;
  return note(
    `The other ${counted(rows.length, "counter")} have candidate MAEs from ${decimal(highest)} down to ${decimal(lowest)} bicycles a day.`,
  );
}
