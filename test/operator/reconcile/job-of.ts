import type { V1Container, V1Job, V1PodSpec } from "@kubernetes/client-node";
import type { z } from "zod";

import type { Configuration } from "../../../contract/configuration.ts";
import { RetrainRunSpec } from "../../../contract/retrain-run.ts";
import { accept } from "../../../operator/reconcile/accept.ts";
import { trainerJob } from "../../../operator/reconcile/job.ts";
import type { Resolved } from "../../../operator/reconcile/resolved.ts";
import type { RunSeen } from "../../../operator/reconcile/seen.ts";
import type { Settings } from "../../../operator/reconcile/settings.ts";
import { runSeen, settingsOf } from "./run-seen.ts";

export type Spec = z.input<typeof RetrainRunSpec>;
export type PodGiven = NonNullable<z.input<typeof Configuration>["pod"]>;

export function resolvedOf(run: RunSeen, settings: Settings): Resolved {
  const acceptance = accept(run, settings);
  if ("refusal" in acceptance) throw new Error(acceptance.refusal.message);
  return acceptance.resolved;
}

export function jobOf(spec: Spec = {}, pod: PodGiven = {}, attempt = 1): V1Job {
  const run = runSeen({ spec: RetrainRunSpec.parse(spec) });
  const settings = settingsOf({ pod });
  return trainerJob(run, resolvedOf(run, settings), attempt, settings);
}

export function podOf(spec?: Spec, pod?: PodGiven): V1PodSpec {
  const found = jobOf(spec, pod).spec?.template.spec;
  if (found === undefined) throw new Error("the Job has no Pod");
  return found;
}

export function trainerOf(spec?: Spec, pod?: PodGiven): V1Container {
  const [trainer, ...others] = podOf(spec, pod).containers;
  if (trainer === undefined || others.length > 0) throw new Error("expected one container");
  return trainer;
}
