import { Buffer } from "node:buffer";
import { writeFileSync } from "node:fs";

import { given } from "../../contract/given.ts";
import { terminationMessageBytes, type TerminationMessage } from "../../contract/termination-message.ts";
import type { DataReport, Evaluation, TrainerReport } from "../../contract/trainer-report.ts";

const longestMessage = 1000;
const longestValue = 120;
const longestRevision = 64;
const mostChecks = 6;

const shortened = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`;

/** At most 3,500 bytes of JSON: what the operator needs, least important parts left out first when it is too long. */
export function terminationMessage(report: TrainerReport): string {
  const shapes = [whole(report), withoutDetails(whole(report)), withoutDetails(whole(report), 200)];
  const texts = shapes.map((shape) => JSON.stringify(shape));
  return texts.find((text) => Buffer.byteLength(text) <= terminationMessageBytes) ?? texts.at(-1) ?? "";
}

function whole(report: TrainerReport): TerminationMessage {
  const { schemaVersion, runUid, verdict, reason, version, current, data, evaluation, peakMemoryBytes } =
    report;
  const failed = report.checks.filter(({ passed }) => !passed);
  return given({
    schemaVersion,
    runUid,
    verdict,
    reason: shortened(reason, longestValue),
    message: shortened(report.message, longestMessage),
    version,
    current,
    rows: data?.rows,
    stations: data?.stations,
    dataThrough: data?.dataThrough,
    readings: data?.readings,
    missing: data && missingOf(data),
    metrics: evaluation && metricsOf(evaluation),
    stages: report.stages.map(({ name, seconds }) => ({ name, seconds })),
    peakMemoryBytes,
    codeRevision: report.lineage.codeRevision && shortened(report.lineage.codeRevision, longestRevision),
    failedChecks: failed.slice(0, mostChecks).map(({ name, severity, value, limit }) => ({
      name,
      severity,
      value: typeof value === "string" ? shortened(value, longestValue) : value,
      limit: typeof limit === "string" ? shortened(limit, longestValue) : limit,
    })),
  });
}

function metricsOf({ candidate, champion, naive }: Evaluation): TerminationMessage["metrics"] {
  const { mae, rmse, wapePercent } = candidate;
  return given({
    mae,
    rmse,
    wapePercent,
    naiveMae: naive.mae,
    naiveRmse: naive.rmse,
    naiveWapePercent: naive.wapePercent,
    championMae: champion?.mae,
    championRmse: champion?.rmse,
    championWapePercent: champion?.wapePercent,
  });
}

/** A share of nothing is absent: what the waterfall counts before a step is what the step left and what it dropped. */
function missingOf({ waterfall, rows }: DataReport): TerminationMessage["missing"] {
  const { bike_count, null_or_negative, no_weather, no_lag } = waterfall;
  return given({
    bikeCount: shareOf(null_or_negative, bike_count),
    weather: shareOf(no_weather, no_weather + no_lag + rows),
  });
}

const shareOf = (part: number, whole: number): number | undefined =>
  whole === 0 ? undefined : Math.round((part / whole) * 1e6) / 1e6;

function withoutDetails(message: TerminationMessage, length = longestMessage): TerminationMessage {
  const { stages, failedChecks, ...rest } = message;
  return { ...rest, message: shortened(rest.message, length) };
}

/**
 * Writes the short report over whatever the file holds. Synchronously: it is the last thing a process does that
 * was told to stop.
 */
export function writeTerminationMessage(file: string, report: TrainerReport): void {
  writeFileSync(file, terminationMessage(report));
}
