import { Verdict } from "../../../contract/verdicts.ts";
import type { ModelFacts } from "./model-facts.ts";

/** A value with its labels beside the model's; undefined is no sample. */
export type Sample = readonly [labels: Readonly<Record<string, string>>, value: number | undefined];

export interface GaugeDefinition {
  readonly name: string;
  readonly help: string;
  /** Beside `model`, which each gauge has. */
  readonly labels: readonly string[];
  readonly samples: (facts: ModelFacts) => readonly Sample[];
}

/** Every gauge about models; a table of contents for dashboards. */
export const gaugeDefinitions: readonly GaugeDefinition[] = [
  {
    name: "retrain_run_active",
    help: "1 as long as a run of the model is under way, waits for its turn or for its next attempt, else 0",
    labels: [],
    samples: ({ view }) => [[{}, view.active === undefined ? 0 : 1]],
  },
  {
    name: "retrain_run_waits_for_data",
    help: "1 as long as the active run's data were refused and will be read again (checks.recheck), else 0",
    labels: [],
    samples: ({ waitsForData }) => [[{}, waitsForData ? 1 : 0]],
  },
  {
    name: "retrain_last_verdict",
    help: "1 for the verdict of the run that ended last, 0 for all others",
    labels: ["verdict"],
    samples: ({ view }) =>
      Object.values(Verdict).map((verdict) => [{ verdict }, view.last?.verdict === verdict ? 1 : 0]),
  },
  {
    name: "retrain_last_success_timestamp_seconds",
    help: "When a run was last Published, Restored or Skipped because there were no new data",
    labels: [],
    samples: ({ lastSuccess }) => [[{}, instant(lastSuccess)]],
  },
  {
    name: "retrain_first_run_timestamp_seconds",
    help: "When the oldest run that there still is was created: as long as none has succeeded, success is waited for since then",
    labels: [],
    samples: ({ firstRun }) => [[{}, instant(firstRun)]],
  },
  {
    name: "retrain_next_schedule_timestamp_seconds",
    help: "When the schedule creates the model's next run; absent without a schedule and while it is suspended",
    labels: [],
    samples: ({ view }) => [[{}, seconds(view.nextRunTime)]],
  },
  {
    name: "retrain_missed_schedule_timestamp_seconds",
    help: "When the schedule was last due, as long as that month has no run though an earlier one had; absent otherwise",
    labels: [],
    samples: ({ missed }) => [[{}, instant(missed)]],
  },
  {
    name: "retrain_last_scheduled_run_timestamp_seconds",
    help: "When the newest run of a month was created; absent when there is none",
    labels: [],
    samples: ({ lastScheduledRun }) => [[{}, instant(lastScheduledRun)]],
  },
  {
    name: "retrain_last_stage_duration_seconds",
    help: "How long each stage of the last training took",
    labels: ["stage"],
    samples: ({ stages = [] }) => stages.map(({ name, seconds: text }) => [{ stage: name }, number(text)]),
  },
  {
    name: "retrain_data_rows",
    help: "Rows that the last run read of each table, and training rows that it made of them",
    labels: ["source"],
    samples: ({ data }) => [
      [{ source: "bike_count" }, data?.readings?.bikeCount],
      [{ source: "weather" }, data?.readings?.weather],
      [{ source: "counters_info" }, data?.readings?.countersInfo],
      [{ source: "training" }, data?.rows],
    ],
  },
  {
    name: "retrain_data_missing_ratio",
    help: "Unusable share of what the last run read, 0 to 1: counts that were null or negative, station-days without weather",
    labels: ["source"],
    samples: ({ data }) => [
      [{ source: "bike_count" }, number(data?.missing?.bikeCount)],
      [{ source: "weather" }, number(data?.missing?.weather)],
    ],
  },
  {
    name: "retrain_check_failed",
    help: "1 for each check that the data of the last run failed, the first ones of many; absent for all others",
    labels: ["check", "severity"],
    samples: ({ failedChecks = [] }) =>
      failedChecks.map(({ name: check, severity }) => [{ check, severity }, 1]),
  },
  {
    name: "retrain_mae",
    help: "Mean absolute error of the last candidate, of the version then current and of the naive forecast on the same rows, counts a day",
    labels: ["role"],
    samples: ({ metrics }) => roles(metrics?.mae, metrics?.championMae, metrics?.naiveMae),
  },
  {
    name: "retrain_rmse",
    help: "Root mean squared error of the same three on the same rows, counts a day",
    labels: ["role"],
    samples: ({ metrics }) => roles(metrics?.rmse, metrics?.championRmse, metrics?.naiveRmse),
  },
  {
    name: "retrain_wape_ratio",
    help: "Sum of absolute errors over sum of counts of the same three on the same rows",
    labels: ["role"],
    samples: ({ metrics }) =>
      roles(metrics?.wapePercent, metrics?.championWapePercent, metrics?.naiveWapePercent).map(
        ([labels, percent]) => [labels, percent === undefined ? undefined : percent / 100],
      ),
  },
  {
    name: "retrain_model_data_through_timestamp_seconds",
    help: "Beginning of the last day (UTC) that the current version was trained on",
    labels: [],
    samples: ({ view }) => [[{}, seconds(view.current?.dataThrough)]],
  },
  {
    name: "retrain_model_info",
    help: "Always 1; the current version, source revision of the trainer that made it and the digest of its image where it was pinned are its labels",
    labels: ["version", "git_sha", "image_digest"],
    samples: ({ view, origin }) =>
      view.current === undefined ? [] : [[infoOf(view.current.version, origin), 1]],
  },
];

/** Undefined for a text that is no number. */
function number(text: string | undefined): number | undefined {
  const value = Number(text ?? Number.NaN);
  return Number.isFinite(value) ? value : undefined;
}

const instant = (time: Date | undefined): number | undefined => time && time.getTime() / 1000;

/** Since the epoch. */
const seconds = (time: string | undefined): number | undefined =>
  time === undefined ? undefined : number(String(Date.parse(time) / 1000));

const roles = (candidate?: string, champion?: string, naive?: string): readonly Sample[] => [
  [{ role: "candidate" }, number(candidate)],
  [{ role: "champion" }, number(champion)],
  [{ role: "naive" }, number(naive)],
];

const infoOf = (version: string, origin: ModelFacts["origin"]) => ({
  version,
  git_sha: origin?.codeRevision ?? "",
  image_digest: /@(sha256:[0-9a-f]{64})$/u.exec(origin?.resolved?.image ?? "")?.[1] ?? "",
});
