import type { Parameters, TrainerReport } from "../../../contract/trainer-report.ts";
import { count, counted, decimal, day, moment } from "../format.ts";
import { frameOf, type Row } from "../frame.ts";
import { markup, type Part } from "../markup.ts";
import { code, facts, section, type Chapter } from "../section.ts";
import { numbers, table } from "../table.ts";

/** Where the version comes from. */
export async function lineage(report: TrainerReport): Promise<Chapter> {
  const models = modelRows(report);
  return section(
    "lineage",
    "Where it comes from",
    facts([
      ["Run", code(report.runUid)],
      ["Version", maybeCode(report.version)],
      ...dataFacts(report),
      ...machineFacts(report),
    ]),
    models.length === 0
      ? undefined
      : markup`<h3>Parameters</h3>
${table(await frameOf(models), parameterColumns, { caption: "Parameters of the models in this report", looks: ["heard"] })}`,
  );
}

const maybeCode = (text: string | undefined): Part => (text === undefined ? undefined : code(text));
const number = (value: number | undefined, digits = 0): string | undefined =>
  value === undefined ? undefined : decimal(value, digits);

const dataFacts = ({ data, lineage: { recipeFingerprint } }: TrainerReport): (readonly [string, Part])[] => [
  ["Data fingerprint", maybeCode(data?.fingerprint)],
  ["Recipe fingerprint", maybeCode(recipeFingerprint)],
  ["Data as of", data === undefined ? undefined : `${moment(data.asOf)}, days of ${data.timeZone}`],
  [
    "Span",
    data === undefined
      ? undefined
      : `${data.since === undefined ? "all history" : `from ${day(data.since)}`}, until ${day(data.until)}`,
  ],
  ["Readings", data === undefined ? undefined : readings(data.readings)],
];

const readings = ({
  bikeCount,
  weather,
  countersInfo,
}: {
  bikeCount: number;
  weather: number;
  countersInfo: number;
}): string => `${count(bikeCount)} counts, ${count(weather)} of weather, ${counted(countersInfo, "counter")}`;

const machineFacts = ({ lineage: from, training }: TrainerReport): (readonly [string, Part])[] => [
  ["Code revision", maybeCode(from.codeRevision)],
  ["Image", maybeCode(from.image)],
  ["Node.js", code(from.node)],
  ["libxgboost", maybeCode(from.library ?? training?.libraryVersion)],
  ["Seed", number(training?.seed)],
  ["Threads", number(training?.threads)],
  ["RMSE on its own training rows", number(training?.finalRmse, 1)],
];

const parameterColumns = [
  {
    key: "model",
    head: "Model",
    show: (model: Row[string], { is }: Row): Part =>
      markup`${model ?? ""}<span class="sub">${is ?? ""}</span>`,
  },
  numbers("maxDepth", "Depth", String),
  numbers("learningRate", "Learning rate", String),
  numbers("rounds", "Rounds", count),
];

function modelRows({ training, evaluation, gate }: TrainerReport): Row[] {
  const row = (model: string, is: string, parameters: Parameters | undefined): Row[] =>
    parameters === undefined ? [] : [{ model, is, ...parameters }];
  return [
    ...row("Final model", "trained on all rows; the winner of the search", training?.winner),
    ...row("Candidate of the comparison", evaluation?.parametersFrom ?? "", evaluation?.parameters),
    ...row("Champion", gate?.champion?.version ?? "", gate?.champion?.parameters),
  ];
}
