import { join } from "node:path";

import { Preprocessor } from "../../contract/published.ts";
import type { Metrics, TrainerReport } from "../../contract/trainer-report.ts";
import type { ModelDirectory } from "../publish/directory.ts";
import { readIfThere } from "../publish/durable.ts";
import { parsedJson } from "../publish/parsed-json.ts";
import { existingModelDirectory, listVersions, type VersionSummary } from "../publish/versions.ts";
import { RunFailure } from "../errors.ts";
import type { Answer, Surroundings } from "./answer.ts";
import type { Asked } from "./asked.ts";
import { findVersion } from "./find-version.ts";
import { sideBySide, sideRows, type Side } from "./sides.ts";

/** Two versions side by side: data, parameters, errors, and what the models look at. */
export async function diff({ modelsDir }: Surroundings, asked: Asked["diff"]): Promise<Answer> {
  const directory = await existingModelDirectory(modelsDir, asked.model);
  const versions = await listVersions(directory);
  const [a, b] = [findVersion(versions, asked.a), findVersion(versions, asked.b)];
  const [reportA, reportB] = [reportOf(a), reportOf(b)];
  const compare = (factsOf: (report: TrainerReport) => Facts): Side[] =>
    sideBySide(factsOf(reportA), factsOf(reportB));
  const parts = { data: compare(dataOf), cleaning: compare(cleaningOf), parameters: compare(parametersOf) };
  const more = { errors: compare(errorsOf), importancePercent: compare(importanceOf) };
  const stations = await stationChanges(directory, a, b);
  const names = { a: `A ${a.version}`, b: `B ${b.version}` };
  return {
    document: { model: asked.model, a: a.version, b: b.version, ...parts, stations, ...more },
    text: [
      { title: "Data", rows: sideRows(parts.data, names) },
      ...(stations === undefined
        ? []
        : [stationLine("Stations added", stations.added), stationLine("Stations removed", stations.removed)]),
      { title: "What the cleaning left", rows: sideRows(parts.cleaning, names) },
      { title: "Parameters", rows: sideRows(parts.parameters, names) },
      {
        title: "Error before publication, each on its own window, counts a day",
        rows: sideRows(more.errors, names, 2),
      },
      {
        title: "Feature importance: gain in percent of all features' gain",
        rows: sideRows(more.importancePercent, names, 2),
      },
    ],
    exitCode: 0,
  };
}

type Facts = Readonly<Record<string, number | string | undefined>>;

function reportOf({ version, report, problem }: VersionSummary): TrainerReport {
  if (report !== undefined) return report;
  throw new RunFailure(
    "VolumeError",
    `Cannot compare ${version}: ${problem ?? "it has no report"}. Compare versions whose report.json can be read.`,
  );
}

const dataOf = ({ data }: TrainerReport): Facts => ({
  "first count": data?.firstDay,
  "data through": data?.dataThrough,
  rows: data?.rows,
  stations: data?.stations,
  fingerprint: data?.fingerprint?.slice(0, 12),
});

const cleaningOf = ({ data }: TrainerReport): Facts => ({ ...data?.waterfall });

const parametersOf = ({ training, lineage }: TrainerReport): Facts => ({
  "max depth": training?.winner.maxDepth,
  "learning rate": training?.winner.learningRate,
  rounds: training?.winner.rounds,
  seed: training?.seed,
  threads: training?.threads,
  libxgboost: training?.libraryVersion,
  "code revision": lineage.codeRevision,
  "recipe fingerprint": lineage.recipeFingerprint?.slice(0, 12),
});

function errorsOf({ evaluation }: TrainerReport): Facts {
  if (evaluation === undefined) return {};
  const { window, candidate, naive, skillPercent } = evaluation;
  return {
    window: `${window.from} to ${window.to}`,
    ...metricFacts("", candidate),
    "naive MAE": naive.mae,
    "better than naive, %": skillPercent,
  };
}

const metricFacts = (before: string, { n, mae, rmse, wapePercent, r2, bias }: Metrics): Facts => ({
  [`${before}n`]: n,
  [`${before}MAE`]: mae,
  [`${before}RMSE`]: rmse,
  [`${before}WAPE %`]: wapePercent ?? undefined,
  [`${before}R²`]: r2 ?? undefined,
  [`${before}bias`]: bias,
});

function importanceOf({ training }: TrainerReport): Facts {
  const importance = training?.importance ?? [];
  const total = importance.reduce((sum, { gain }) => sum + gain, 0);
  return Object.fromEntries(importance.map(({ feature, gain }) => [feature, (100 * gain) / total]));
}

interface StationChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** By the station lists that the models were published with; undefined when one of them cannot be read. */
async function stationChanges(
  directory: ModelDirectory,
  a: VersionSummary,
  b: VersionSummary,
): Promise<StationChanges | undefined> {
  const [before, after] = [await stationsOf(directory, a.version), await stationsOf(directory, b.version)];
  if (before === undefined || after === undefined) return undefined;
  return { added: [...after.difference(before)], removed: [...before.difference(after)] };
}

async function stationsOf(
  directory: ModelDirectory,
  version: string,
): Promise<ReadonlySet<string> | undefined> {
  const bytes = await readIfThere(join(directory.versions, version, "preprocessor.json"));
  const parsed = bytes === undefined ? undefined : parsedJson(Preprocessor, bytes);
  return parsed?.ok === true ? new Set(parsed.value.stations.map(({ id }) => id)) : undefined;
}

const stationLine = (what: string, ids: readonly string[]): string =>
  `${what}: ${ids.length === 0 ? "none" : ids.join(", ")}`;
