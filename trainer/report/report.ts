import { given } from "../../contract/given.ts";
import type { TrainerInput } from "../../contract/trainer-input.ts";
import type { TrainerReport } from "../../contract/trainer-report.ts";
import type { TrainerConfig } from "../config.ts";
import type { Draft } from "./draft.ts";
import { endingOf, type Outcome } from "./ending.ts";

/** Who ran, when, where: what a report says beside the run's findings. */
export interface ReportFrame {
  readonly input: TrainerInput;
  readonly config: Pick<TrainerConfig, "codeRevision" | "image">;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly peakMemoryBytes: number;
}

/** The whole report of a run; of a repeated one what its earlier attempt said, and what is current now. */
export function reportOf(outcome: Outcome, draft: Draft, frame: ReportFrame): TrainerReport {
  if (outcome.kind === "repeated") return given({ ...outcome.report, current: draft.current });
  const { input, config } = frame;
  const { publishing, libraryVersion, recipeFingerprint, volume, page, kept, ...found } = draft;
  return given({
    schemaVersion: 1 as const,
    runUid: input.runUid,
    model: input.model,
    trigger: input.trigger,
    period: input.period,
    requestedBy: input.requestedBy,
    forceReason: input.force?.reason,
    ...endingOf(outcome, draft),
    startedAt: frame.startedAt.toISOString(),
    finishedAt: frame.finishedAt.toISOString(),
    ...found,
    peakMemoryBytes: frame.peakMemoryBytes,
    lineage: given({
      codeRevision: config.codeRevision,
      image: config.image,
      node: process.version,
      library: libraryVersion,
      recipeFingerprint,
    }),
  });
}
