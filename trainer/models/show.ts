import { join } from "node:path";

import type { HistoryEntry, Manifest } from "../../contract/published.ts";
import { given } from "../../contract/given.ts";
import type { TrainerReport } from "../../contract/trainer-report.ts";
import type { Row } from "../demo/tables-text.ts";
import { readHistory } from "../publish/history.ts";
import { readManifest } from "../publish/manifest.ts";
import { existingModelDirectory, listVersions, type VersionSummary } from "../publish/versions.ts";
import type { Answer, Surroundings } from "./answer.ts";
import type { Asked } from "./asked.ts";
import { decimals, minute } from "./cells.ts";
import { findVersion } from "./find-version.ts";
import { figuresOf, parametersText } from "./figures.ts";

/** Where a version came from, what the gate said, what the history says, and its files. */
export async function show({ modelsDir }: Surroundings, asked: Asked["show"]): Promise<Answer> {
  const directory = await existingModelDirectory(modelsDir, asked.model);
  const summary = findVersion(await listVersions(directory), asked.version);
  const { version, report, problem } = summary;
  const history = (await readHistory(directory)).flatMap(({ entry }) => entry ?? []);
  const own = history.filter(({ to, from }) => to === version || from === version);
  const manifest = await readManifest(join(directory.versions, version));
  const files = manifest.ok ? manifest.value.files : {};
  return {
    document: { model: asked.model, ...given({ ...summary }), history: own, files },
    text: [
      { title: `${asked.model} ${version}`, rows: factRows(summary) },
      ...(problem === undefined ? [] : [`${problem}.`]),
      ...gateText(report),
      { title: "History", rows: own.map(historyRow) },
      { title: "Files", rows: fileRows(files) },
    ],
    exitCode: 0,
  };
}

const factRows = (summary: VersionSummary): Row[] =>
  Object.entries({ ...standingOf(summary), ...dataOf(summary.report), ...makingOf(summary.report) })
    .filter(([, found]) => found !== undefined && found !== "")
    .map(([fact, found]) => ({ fact, found: found ?? "" }));

type Facts = Record<string, string | undefined>;

const standingOf = ({
  generations,
  publishedAt,
  isCurrent,
  isPrevious,
  pinned,
  sizeBytes,
}: VersionSummary): Facts => ({
  "current version": isCurrent ? "yes" : isPrevious ? "no, the one before" : "no",
  generations: generations.join(", "),
  "published (UTC)": minute(publishedAt),
  pinned: pinned === undefined ? undefined : `by ${pinned.by}: ${pinned.why}`,
  bytes: String(sizeBytes),
});

function dataOf(report: TrainerReport | undefined): Facts {
  const { dataThrough, rows, stations, window, mae, championMae, naiveMae } = figuresOf(report);
  const days = window === undefined ? "" : `, ${window.from} to ${window.to}`;
  return {
    "data fingerprint": report?.data?.fingerprint,
    "recipe fingerprint": report?.lineage.recipeFingerprint,
    rows: rows?.toString(),
    stations: stations?.toString(),
    "data through": dataThrough,
    "MAE, counts a day": mae === undefined ? undefined : `${decimals(mae)}${days}`,
    "MAE of the version before": decimals(championMae),
    "MAE of mean(lag_1, lag_7)": decimals(naiveMae),
  };
}

function makingOf(report: TrainerReport | undefined): Facts {
  if (report === undefined) return {};
  const { training, lineage } = report;
  return {
    "depth / rate / rounds": parametersText(training?.winner),
    seed: training?.seed.toString(),
    threads: training?.threads.toString(),
    libxgboost: training?.libraryVersion,
    node: lineage.node,
    "code revision": lineage.codeRevision,
    image: lineage.image,
    "run uid": report.runUid,
    "requested by": report.requestedBy,
    door: report.trigger,
    period: report.period,
    "forced because": report.forceReason,
  };
}

function gateText(report: TrainerReport | undefined): Answer["text"] {
  if (report?.gate === undefined) return [];
  const { mode, passed, why, rules } = report.gate;
  const rows = rules.map(({ name, value, limit, unit, ...rule }) => ({
    rule: name,
    value: decimals(value, 2),
    limit: decimals(limit, 2),
    unit,
    passed: rule.passed ? "yes" : "no",
  }));
  return [{ title: `Gate (${mode}): ${passed ? "passed" : "failed"}. ${why}`, rows }];
}

const historyRow = ({ generation, at, kind, state, from, to, by, why }: HistoryEntry): Row => ({
  generation: String(generation),
  "at (UTC)": minute(at),
  what: state === "committed" ? kind : `${kind}, ${state}`,
  from: from ?? "",
  to,
  by,
  why,
});

const fileRows = (files: Manifest["files"]): Row[] =>
  Object.entries(files).map(([file, { size, sha256 }]) => ({ file, bytes: String(size), sha256 }));
