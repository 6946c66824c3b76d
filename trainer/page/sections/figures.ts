import type { Evaluation, TrainerReport } from "../../../contract/trainer-report.ts";
import { count, counted, day, decimal, duration, percent } from "../format.ts";
import { markup, type Markup, type Part } from "../markup.ts";

interface Figure {
  readonly name: string;
  readonly value: Part;
  readonly more?: Part;
}

/** The run in five numbers; those that it did not come to are left out. */
export function keyFigures(report: TrainerReport): Markup {
  const { data, evaluation } = report;
  const figures = [
    ...(evaluation === undefined ? [] : [errorFigure(evaluation)]),
    ...(data === undefined ? [] : dataFigures(data)),
    { name: "Duration", value: duration(secondsOf(report)), more: peakOf(report) },
  ];
  return markup`<ul class="figures" id="figures">${figures.map(
    ({ name, value, more }: Figure) =>
      markup`<li><span class="name">${name}</span><strong>${value}</strong><span class="more">${more}</span></li>`,
  )}</ul>
`;
}

function errorFigure({ candidate, champion, naive }: Evaluation): Figure {
  const against = [
    ...(champion === undefined ? [] : [comparedWith("the champion", candidate.mae, champion.mae)]),
    comparedWith("naive", candidate.mae, naive.mae),
  ];
  return {
    name: "Mean absolute error (MAE)",
    value: markup`${decimal(candidate.mae)} <small>bicycles a day</small>`,
    more: against.map((words) => markup`<span>${words}</span>`),
  };
}

/** "13.3 % below the champion's 66.0", as a sentence without its subject. */
function comparedWith(whom: string, ours: number, theirs: number): string {
  if (theirs === 0) return `${whom}: ${decimal(theirs)}`;
  const share = (100 * (ours - theirs)) / theirs;
  if (Math.abs(share) < 0.05) return `the same as ${whom}, ${decimal(theirs)}`;
  return `${percent(Math.abs(share))} ${share <= 0 ? "below" : "above"} ${whom}, ${decimal(theirs)}`;
}

const dataFigures = ({
  rows,
  stations,
  dataThrough,
  firstDay,
  waterfall,
}: NonNullable<TrainerReport["data"]>): Figure[] => [
  { name: "Training rows", value: count(rows), more: `of ${counted(waterfall.bike_count, "reading")}` },
  { name: "Counters", value: count(stations), more: "with training rows" },
  {
    name: "Data through",
    value: dataThrough === undefined ? "–" : day(dataThrough),
    more: firstDay === undefined ? undefined : `first count ${day(firstDay)}`,
  },
];

const secondsOf = ({ startedAt, finishedAt }: TrainerReport): number =>
  (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;

const peakOf = ({ peakMemoryBytes }: TrainerReport): string =>
  `peak memory ${count(peakMemoryBytes / 2 ** 20)}\u00a0MiB`;

/** "31.0 % better", "2.0 % worse". */
export const skillWords = (skillPercent: number): string =>
  `${percent(Math.abs(skillPercent))} ${skillPercent < 0 ? "worse" : "better"}`;
