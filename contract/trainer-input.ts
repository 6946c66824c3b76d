import { z } from "zod";

import { Force, Restore, Trigger } from "./retrain-run.ts";
import { Checks, Gate } from "./spec/gates.ts";
import { Storage } from "./spec/job.ts";
import { Features, Source } from "./spec/source.ts";
import { Training } from "./spec/training.ts";
import { ModelName, Period } from "./spec/words.ts";

/** TRAINER_INPUT: the fully resolved spec of one run. Nothing is defaulted here; the configuration did that. */
export const TrainerInput = z.strictObject({
  runUid: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[A-Za-z0-9-]+$/),
  model: ModelName,
  period: Period.optional(),
  trigger: Trigger,
  requestedBy: z.string().max(253).optional(),
  dryRun: z.boolean(),
  force: Force.optional(),
  restore: Restore.optional(),
  source: Source.omit({ secretRef: true }),
  features: Features,
  training: Training,
  gate: Gate,
  checks: Checks.omit({ recheck: true }),
  storage: Storage.omit({ claimName: true, subPath: true }),
});
export type TrainerInput = z.infer<typeof TrainerInput>;
