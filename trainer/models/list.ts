import type { Hold } from "../../contract/published.ts";
import { given } from "../../contract/given.ts";
import type { Row } from "../demo/tables-text.ts";
import { holdOf } from "../publish/hold.ts";
import { pointerOf } from "../publish/version-records.ts";
import {
  existingModelDirectory,
  listVersions,
  modelNames,
  type VersionSummary,
} from "../publish/versions.ts";
import type { Answer, Surroundings } from "./answer.ts";
import type { Asked } from "./asked.ts";
import { decimals, minute, short, whole } from "./cells.ts";
import { figuresOf, parametersText } from "./figures.ts";

interface Listed {
  readonly model: string;
  readonly versions: readonly VersionSummary[];
  readonly current: VersionSummary | undefined;
  readonly hold: Hold | undefined;
  /** What is wrong with CURRENT.json, in half a sentence. */
  readonly problem: string | undefined;
}

/** The versions of a model, newest first; without a model all models, one line each. */
export async function list(around: Surroundings, { model }: Asked["list"]): Promise<Answer> {
  const { modelsDir } = around;
  if (model !== undefined) return ofModel(await listed(around, model));
  const models = await Promise.all((await modelNames(modelsDir)).map((name) => listed(around, name)));
  const table = { title: `Models in ${modelsDir}`, rows: models.map(modelRow) };
  return {
    document: { modelsDir, models: models.map(modelDocument) },
    text: models.length === 0 ? [`There is no model in ${modelsDir}.`] : [table],
    exitCode: 0,
  };
}

async function listed({ modelsDir, clock }: Surroundings, model: string): Promise<Listed> {
  const directory = await existingModelDirectory(modelsDir, model);
  const versions = await listVersions(directory);
  const current = versions.find(({ isCurrent }) => isCurrent);
  const pointer = await pointerOf(directory);
  if (!pointer.ok) return { model, versions, current, hold: undefined, problem: pointer.problem };
  const hold = pointer.value && holdOf(pointer.value, clock());
  return { model, versions, current, hold, problem: undefined };
}

function ofModel(found: Listed): Answer {
  const { model, versions, hold, problem } = found;
  const rows = versions.map((version) => versionRow(version, hold));
  const title = `Versions of ${model}; errors in counts a day`;
  const documents = versions.map((version) => versionDocument(version, hold));
  return {
    document: { ...modelDocument(found), versions: documents },
    text: [
      versions.length === 0 ? `${model} has no version yet.` : { title, rows },
      ...(hold === undefined ? [] : [holdLine(hold)]),
      ...(problem === undefined ? [] : [`CURRENT.json cannot be read: ${problem}.`]),
      ...versions.flatMap((version) =>
        version.problem === undefined ? [] : [`${version.version}: ${version.problem}.`],
      ),
    ],
    exitCode: 0,
  };
}

const holdLine = ({ by, why, until }: Hold): string =>
  `Held by ${by}${until === undefined ? "" : ` until ${minute(until)} UTC`}: ${why}`;

const flagsOf = ({ isCurrent, isPrevious, pinned }: VersionSummary, hold: Hold | undefined): string[] => [
  ...(isCurrent ? ["current"] : []),
  ...(isPrevious ? ["previous"] : []),
  ...(pinned === undefined ? [] : ["pinned"]),
  ...(isCurrent && hold !== undefined ? ["held"] : []),
];

function versionRow(summary: VersionSummary, hold: Hold | undefined): Row {
  const { version, generations, publishedAt, last, report } = summary;
  const { dataThrough = "", rows, stations, parameters, mae, championMae, naiveMae } = figuresOf(report);
  return {
    version,
    generation: generations.join(", "),
    "published (UTC)": minute(publishedAt),
    "data through": dataThrough,
    rows: whole(rows),
    stations: whole(stations),
    "depth / rate / rounds": parametersText(parameters),
    MAE: decimals(mae),
    champion: decimals(championMae),
    naive: decimals(naiveMae),
    by: short(last?.by, 24),
    why: short(last?.why),
    is: flagsOf(summary, hold).join(", "),
  };
}

function versionDocument(summary: VersionSummary, hold: Hold | undefined): object {
  const { version, generations, publishedAt, last, sizeBytes, pinned, problem, report } = summary;
  const { by, why, kind } = last ?? {};
  const flags = flagsOf(summary, hold);
  const figures = figuresOf(report);
  return given({
    version,
    generations,
    publishedAt,
    by,
    why,
    kind,
    flags,
    sizeBytes,
    ...figures,
    pinned,
    problem,
  });
}

function modelRow({ model, versions, current, hold, problem }: Listed): Row {
  const { dataThrough = "", mae, naiveMae } = figuresOf(current?.report);
  return {
    model,
    "current version": current?.version ?? (problem === undefined ? "none" : "unreadable"),
    "published (UTC)": minute(current?.publishedAt),
    "data through": dataThrough,
    MAE: decimals(mae),
    naive: decimals(naiveMae),
    versions: String(versions.length),
    is: hold === undefined ? "" : "held",
  };
}

function modelDocument({ model, versions, current, hold, problem }: Listed): object {
  const figures = figuresOf(current?.report);
  return given({ model, current: current?.version, versions: versions.length, hold, problem, ...figures });
}
