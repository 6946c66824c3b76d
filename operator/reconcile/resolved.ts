import { z } from "zod";

import { Force, Restore, Trigger } from "../../contract/retrain-run.ts";
import { Checks } from "../../contract/spec/gates.ts";
import { Job, Storage } from "../../contract/spec/job.ts";
import { Source } from "../../contract/spec/source.ts";
import { ModelName, Period } from "../../contract/spec/words.ts";

/**
 * What is read here of the trainer's input. The rest is for the trainer whose image is frozen beside it, and may be of
 * another version than this operator: it is handed on as it is.
 */
const Input = z.looseObject({
  runUid: z.string(),
  trigger: Trigger,
  dryRun: z.boolean(),
  force: z.looseObject(Force.shape).optional(),
  restore: z.looseObject(Restore.shape).optional(),
});

/** All that a run's attempts depend on, frozen in its status when it was accepted. */
export const Resolved = z.object({
  model: ModelName,
  period: Period.optional(),
  image: z.string(),
  /** Absent for a restore, which reads no database. */
  secretRef: Source.shape.secretRef.optional(),
  storage: Storage.pick({ claimName: true, subPath: true }),
  job: Job.omit({ image: true }),
  /** Absent for a run whose refused data are not looked at again. */
  recheck: Checks.shape.recheck.optional(),
  ttlSecondsAfterFinished: z.int().min(0).optional(),
  input: Input,
  inputHash: z.string(),
});
export type Resolved = z.infer<typeof Resolved>;

/** What `status.resolved` says; undefined when it is absent or somebody damaged it. */
export const readResolved = (resolved: unknown): Resolved | undefined => Resolved.safeParse(resolved).data;

const Owned = z.object({ input: Input.pick({ runUid: true }) });
/** uid of the run that `status.resolved` was made for; undefined when it names none. */
export const acceptedAs = (resolved: unknown): string | undefined =>
  Owned.safeParse(resolved).data?.input.runUid;
