import type { Configuration } from "../../contract/configuration.ts";
import { parseConfiguration } from "../../operator/configuration-file.ts";

/** A model and the runs that it has, the newest last. */
export interface Model {
  readonly name: string;
  readonly finished: readonly NewRun[];
  readonly unseen: NewRun;
}

/** A RetrainRun as it is created. */
export interface NewRun {
  readonly apiVersion: "retrain.velo/v1alpha1";
  readonly kind: "RetrainRun";
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: {
    readonly model: string;
    readonly period: string;
    readonly trigger: "Schedule";
    readonly suspend?: true;
  };
}

export interface PopulationSize {
  readonly models: number;
  /** Of each model; all but one are finished. */
  readonly runs: number;
  /** So many models' new run is to start; the others are suspended. */
  readonly starting: number;
}

/** Marks the runs that nobody has looked at yet. */
export const unseenLabel = "bench/unseen";

export const modelsOf = ({ models, runs, starting }: PopulationSize, now = new Date()): readonly Model[] =>
  Array.from({ length: models }, (_, index) => {
    const name = `bikes-${String(index).padStart(4, "0")}`;
    const run = (monthsAgo: number): NewRun => runOf(name, monthBefore(now, monthsAgo), {});
    return {
      name,
      finished: Array.from({ length: runs - 1 }, (_, months) => run(runs - 1 - months)),
      unseen: runOf(name, monthBefore(now, 0), {
        labels: { [unseenLabel]: "true" },
        isSuspended: index >= starting,
      }),
    };
  });

function runOf(
  model: string,
  period: string,
  {
    labels = {},
    isSuspended = false,
  }: { readonly labels?: Record<string, string>; readonly isSuspended?: boolean },
): NewRun {
  return {
    apiVersion: "retrain.velo/v1alpha1",
    kind: "RetrainRun",
    metadata: { name: `${model}-${period}`, labels },
    spec: { model, period, trigger: "Schedule", ...(isSuspended ? { suspend: true } : {}) },
  };
}

const monthBefore = (now: Date, months: number): string =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months))
    .toISOString()
    .slice(0, "2026-12".length);

/** Each model with tables, stations and outages of its own, as a city's operators write them. */
export const configurationOf = (models: readonly Model[]): Configuration =>
  parseConfiguration(
    JSON.stringify({ models: Object.fromEntries(models.map(({ name }) => [name, settingsOf(name)])) }),
    "of the bench",
  );

const settingsOf = (model: string) => ({
  schedule: "0 3 1 * *",
  timeZone: "Europe/Paris",
  spec: {
    // Nothing may change while the heap is watched, and there is no node that takes the Pods.
    job: { pendingDeadlineSeconds: 86_400 },
    source: {
      tables: { bikeCount: `${model}.bike_count` },
      blacklist: stations(5, "X2H2004"),
      exclude: ["roadworks at the bridge", "counters were stolen", "marathon"].map((why, index) => ({
        stations: stations(4, `X2H20${String(index)}`),
        from: "2026-03-02",
        to: "2026-03-08",
        why,
      })),
    },
  },
});

const stations = (length: number, prefix: string): string[] =>
  Array.from({ length }, (_, index) => `urn:ngsi-ld:EcoCounter:${prefix}${String(index).padStart(4, "0")}`);
