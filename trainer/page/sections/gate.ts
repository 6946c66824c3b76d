import type { Evaluation, GateReport, TrainerReport } from "../../../contract/trainer-report.ts";
import { counted, day, sentence, signed, span } from "../format.ts";
import { markup, type Markup, type Part } from "../markup.ts";
import { code, note, paragraph, section, type Chapter } from "../section.ts";
import { skillWords } from "./figures.ts";
import { metricsTable, type MetricsRow } from "./metrics-table.ts";
import { rulesTable } from "./rules.ts";

/** The comparison with the champion and the naive forecasts, and what the gate's rules made of it. */
export async function gate(report: TrainerReport): Promise<Chapter | undefined> {
  const { evaluation, evaluationSkipped, gate: judged } = report;
  if (evaluation === undefined && judged === undefined && evaluationSkipped === undefined) return undefined;
  return section(
    "gate",
    "Is the candidate good enough?",
    judged === undefined ? undefined : decision(judged),
    await compared(report),
    judged === undefined ? undefined : await rulesTable(judged),
  );
}

async function compared({ evaluation, evaluationSkipped, gate: judged }: TrainerReport): Promise<Part> {
  if (evaluation !== undefined) return await comparison(evaluation, judged);
  if (judged?.mode === "Off") return undefined;
  return paragraph(evaluationSkipped ?? "Nothing was compared on a window of days.");
}

const decidedBy = {
  window: "decided on the window",
  backtest: "decided by the backtest",
  skill: "decided by the skill over the naive forecast",
  nothing: "without a comparison that could decide",
} as const satisfies Record<GateReport["decidedBy"], string>;

const modes = {
  Enforce: undefined,
  Warn: "The gate only warns (gate.mode Warn): a failed rule is told, and the candidate is published all the same.",
  Off: undefined,
} as const satisfies Record<GateReport["mode"], string | undefined>;

function decision({ decidedBy: by, why, passed, mode }: GateReport): Markup {
  if (mode === "Off")
    return paragraph(markup`<strong>The gate was off</strong> (gate.mode Off): nothing was compared.`);
  const mark = passed ? "The gate is passed" : "The gate is not passed";
  return paragraph(
    markup`<strong>${mark}</strong>, ${decidedBy[by]}. ${sentence(why)}`,
    modes[mode] && ` ${modes[mode]}`,
  );
}

async function comparison(evaluation: Evaluation, judged: GateReport | undefined): Promise<Part> {
  const { window, skillPercent, trainedRows } = evaluation;
  return [
    paragraph(
      markup`Window: <strong>${span(window)}</strong>, ${counted(window.days, "day")}, ${counted(window.rows, "row")}. The candidate here was trained only on the ${counted(trainedRows, "row")} before it. It is ${skillWords(skillPercent)} than the naive forecast.${differenceWords(evaluation)}`,
    ),
    await metricsTable(judgedRows(evaluation, judged), "Errors on the window, bicycles a day"),
    note(
      "MAE, RMSE and bias in bicycles a day and counter: the mean absolute error, the root of the mean squared error, the mean of prediction minus count. WAPE: the sum of absolute errors over the sum of counts. The task: one day ahead, with the weather as it was observed.",
    ),
    championWords(judged),
    paragraph(
      evaluation.champion === undefined
        ? "This comparison tests recipe and code, not the new month, which a published model learns as well"
        : "The comparison with the champion tests recipe, code and corrected history, not the new month, which a published model learns as well",
      ": the new month is tested by the data checks below.",
    ),
    await unjudged(evaluation),
  ];
}

function championWords(judged: GateReport | undefined): Part {
  if (judged?.champion === undefined) return undefined;
  const { version, dataThrough, rows, stations } = judged.champion;
  return paragraph(
    markup`The champion ${code(version)} was trained on ${counted(rows, "row")} of ${counted(stations, "counter")} through ${day(dataThrough)}.`,
  );
}

function differenceWords({ difference }: Evaluation): string {
  if (difference === undefined) return "";
  const { mae, low, high } = difference;
  return ` Its MAE minus the champion's is ${signed(mae)} bicycles a day, with a 95 % interval from ${signed(low)} to ${signed(high)} (bootstrap of whole days; it decides nothing).`;
}

function judgedRows(
  { candidate, champion, naive, lastWeek }: Evaluation,
  judged: GateReport | undefined,
): MetricsRow[] {
  const version = judged?.champion?.version;
  return [
    { forecast: "Candidate", is: "this run's procedure", metrics: candidate },
    ...(champion === undefined
      ? []
      : [{ forecast: "Champion", is: version ?? "the current version", metrics: champion }]),
    { forecast: "Naive", is: "mean(lag_1, lag_7): mean of the day and the week before", metrics: naive },
    { forecast: "Last week", is: "lag_7: the count of the week before", metrics: lastWeek },
  ];
}

async function unjudged({ unjudged: lines, unknownStations }: Evaluation): Promise<Part> {
  const { servedLags, previousDayWeather } = lines;
  const rows: MetricsRow[] = [
    ...(servedLags === undefined
      ? []
      : [
          row(
            "Candidate as served",
            "all counted days, missing lags replaced by the newest earlier count",
            servedLags,
          ),
        ]),
    ...(previousDayWeather === undefined
      ? []
      : [
          row(
            "Candidate, weather of the day before",
            "a bound on what a weather forecast's error may cost",
            previousDayWeather,
          ),
        ]),
    ...(unknownStations === undefined
      ? []
      : [
          row(
            counted(unknownStations.stations, "unknown counter"),
            "served by mean(lag_1, lag_7)",
            unknownStations.naive,
          ),
        ]),
  ];
  if (rows.length === 0) return undefined;
  return markup`<h3>Measured too, not judged</h3>
${await metricsTable(rows, "Errors that the gate does not judge, bicycles a day")}`;
}

const row = (forecast: string, is: string, metrics: MetricsRow["metrics"]): MetricsRow => ({
  forecast,
  is,
  metrics,
});
