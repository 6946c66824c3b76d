/** @import { ModelView, Phase, RunSummary } from "../../api/schemas.ts" */
/** @import { Verdict } from "../../../../contract/verdicts.ts" */
import { between, decimal, length, signedPercent } from "./format.js";

/** @typedef {"good" | "care" | "bad" | "calm" | "busy"} Tone */

/** @type {Readonly<Record<Verdict, readonly [Tone, string]>>} tone, and a sign for those who do not see colours */
const verdicts = {
  Published: ["good", "✓"],
  Restored: ["good", "↺"],
  Rejected: ["care", "✕"],
  Aborted: ["care", "!"],
  Skipped: ["calm", "–"],
  DryRun: ["calm", "✓"],
  Cancelled: ["calm", "■"],
  Failed: ["bad", "✕"],
  TimedOut: ["bad", "✕"],
};

/** @type {Readonly<Record<Phase, readonly [Tone, string]>>} */
const phases = {
  Refused: ["bad", "✕"],
  Suspended: ["calm", "‖"],
  Queued: ["calm", "…"],
  Pending: ["busy", "…"],
  Running: ["busy", "▶"],
  Waiting: ["care", "…"],
  Cancelling: ["care", "■"],
  Finished: ["calm", "–"],
};

/**
 * How a run stands, as a badge shows it.
 * @param {RunSummary} run
 */
export function badge(run) {
  const word = run.verdict ?? run.phase;
  const [tone, sign] = run.verdict === undefined ? phases[run.phase] : verdicts[run.verdict];
  return { tone, text: `${sign} ${word}` };
}

/**
 * Why it stands so, in one sentence.
 * @param {RunSummary} run
 */
export const why = (run) => run.message ?? run.reason ?? "";

/**
 * Who asked, and for what.
 * @param {RunSummary} run
 */
export function origin(run) {
  const who = { Schedule: "by schedule", Api: "by API", Manual: "by hand" }[run.trigger];
  const what = [
    run.period === undefined ? "" : `for ${run.period}`,
    run.dryRun ? "dry run" : "",
    run.forced ? "forced" : "",
    run.restores === undefined ? "" : `restores ${run.restores}`,
  ];
  return [who, shortName(run.requestedBy), ...what].filter((text) => text !== "").join(" · ");
}

/**
 * `system:serviceaccount:ops:anna` is told as ops/anna.
 * @param {string | undefined} user
 */
export const shortName = (user) => (user ?? "").replace(/^system:serviceaccount:([^:]+):([^:]+)$/u, "$1/$2");

/**
 * How far it is: stage, part of the stage, and when the stage is done.
 * @param {RunSummary} run
 */
export function progressWords({ phase, progress, startTime }, now = Date.now()) {
  if (phase !== "Running" && phase !== "Cancelling") return "";
  const running = startTime === undefined ? "" : `running for ${between(startTime, now)}`;
  if (progress === undefined) return running;
  const eta = progress.etaSeconds;
  const left = eta === undefined ? "" : `about ${length(eta)} left in this stage`;
  const words = [progress.stage, `${String(progress.percent)} %`, left, running];
  return words.filter((text) => text !== "").join(" · ");
}

/**
 * The current version's error beside the naive forecast's: smaller is better.
 * @param {ModelView} model
 */
export function skill({ current }) {
  const { improvementPercent, metrics } = current ?? {};
  return {
    mae: metrics?.mae === undefined ? "–" : decimal(metrics.mae),
    against: improvementPercent === undefined ? "–" : signedPercent(-improvementPercent),
    naive: metrics?.naiveMae === undefined ? "" : `naive ${decimal(metrics.naiveMae)}`,
  };
}
