import { Counter, Histogram, type Registry } from "prom-client";

import { Trigger } from "../../../contract/retrain-run.ts";
import { Verdict } from "../../../contract/verdicts.ts";
import type { RunListener } from "../runs/runs.ts";
import { transitions, type Transition } from "./transitions.ts";

/** Counts what becomes of runs while this process looks; every label set of the models that is known starts at 0. */
export function countRuns(registry: Registry, models: readonly string[]): RunListener {
  const instruments = createInstruments(registry);
  const { started, ended, durations } = instruments;
  for (const trigger of Trigger.options) started.inc({ trigger }, 0);
  for (const model of models) {
    for (const trigger of Trigger.options) {
      for (const verdict of Object.values(Verdict)) ended.inc({ model, trigger, verdict }, 0);
    }
  }
  durations.zero({});
  return (before, after) => {
    for (const transition of transitions(before, after)) count(instruments, transition);
  };
}

type Instruments = ReturnType<typeof createInstruments>;

function createInstruments(registry: Registry) {
  const registers = [registry];
  return {
    started: new Counter({
      name: "training_started_total",
      help: "Trainings that were started since this process looks, by what created their run",
      labelNames: ["trigger"] as const,
      registers,
    }),
    ended: new Counter({
      name: "retrain_runs_total",
      help: "Runs that ended since this process looks, by model, by what created them and by verdict",
      labelNames: ["model", "trigger", "verdict"] as const,
      registers,
    }),
    durations: new Histogram({
      name: "retrain_run_duration_seconds",
      help: "From a run's first attempt to its verdict, waits between attempts included",
      buckets: [30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400],
      registers,
    }),
  };
}

function count({ started, ended, durations }: Instruments, transition: Transition): void {
  switch (transition.kind) {
    case "started":
      started.inc({ trigger: transition.trigger });
      return;
    case "ended": {
      const { model, trigger, verdict, seconds } = transition;
      ended.inc({ model, trigger, verdict });
      if (seconds !== undefined) durations.observe(seconds);
      return;
    }
    default:
      transition satisfies never;
  }
}
