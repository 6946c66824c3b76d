import { abortingChecks, abortion } from "./checks/data-gate.ts";
import type { PublishedModel } from "./champion/published-model.ts";
import type { Extracted } from "./extract/extract.ts";
import { exportFeatures } from "./features/export.ts";
import type { Outcome } from "./report/ending.ts";
import type { Run } from "./run.ts";
import { cleanStage, type History } from "./stages/clean.ts";
import { checkStage } from "./stages/check.ts";
import { extractStage } from "./stages/extract.ts";
import { gateStage } from "./stages/gate.ts";
import { knownOutcome } from "./stages/known.ts";
import { openStage } from "./stages/open.ts";
import { publishStage } from "./stages/publish.ts";
import { asDryRun, keepRejected, refusalOf, wouldPublish } from "./stages/refusal.ts";
import { repeatedOutcome } from "./stages/repeated.ts";
import { restoreStage } from "./stages/restore.ts";
import { searchStage } from "./stages/search.ts";
import { startPool } from "./stages/pool.ts";
import { trainStage } from "./stages/train.ts";
import { unusableChampion } from "./stages/unusable.ts";
import type { Work } from "./stages/work.ts";

/**
 * One month's retraining: rows in PostgreSQL become the current version on the volume. Whatever it throws, and
 * whatever verdict it ends with but Published and Restored, the version that was current still is.
 */
export async function retrain(run: Run): Promise<Outcome> {
  const outcome = await outcomeOf(run);
  return run.input.dryRun ? asDryRun(run, outcome) : outcome;
}

async function outcomeOf(run: Run): Promise<Outcome> {
  // Without the library nothing can come of a training: that is told before anything is locked or read.
  if (run.input.restore === undefined) run.libraryPath();
  const volume = await openStage(run);
  if (volume.finished !== undefined) return await repeatedOutcome(volume, volume.finished);
  if (run.input.restore !== undefined) return await restoreStage(run, volume, run.input.restore);
  const unusable = unusableChampion(run, volume);
  if (unusable !== undefined) return unusable;

  const extracted = await extractStage(run);
  if (extracted === undefined) return aborted(run);
  const history = await cleanAndCheck(run, extracted, volume.champion);
  if (abortingChecks(run.draft.checks).length > 0) return aborted(run);
  if (run.config.featuresFile !== undefined) {
    await exportFeatures(history.table, history.ids, run.config.featuresFile);
  }

  await using pool = await startPool(run, history.table);
  return (await knownOutcome(run, volume, pool)) ?? (await newModel(run, { volume, history, pool }));
}

/** A function of its own, so that what only the checks need is gone when the training begins. */
async function cleanAndCheck(
  run: Run,
  extracted: Extracted,
  champion: PublishedModel | undefined,
): Promise<History> {
  const { history, evidence } = await cleanStage(run, extracted);
  await checkStage(run, evidence, champion);
  return history;
}

function aborted({ draft }: Run): Outcome {
  return { kind: "aborted", ...abortion(abortingChecks(draft.checks)) };
}

/** Searches, judges the procedure on days it has not seen, and only then trains on everything. */
async function newModel(run: Run, work: Work): Promise<Outcome> {
  const { input } = run;
  const search = await searchStage(run, work);
  const judged = await gateStage(run, work, search);
  const early = refusalOf(run, work.volume);
  if (early?.kind === "rejected" && !input.storage.keepRejected) return early;

  const fitted = await trainStage(run, work, { search, judged });
  const refusal = refusalOf(run, work.volume);
  if (refusal === undefined) return input.dryRun ? wouldPublish(run) : await publishStage(run, work, fitted);
  if (refusal.kind === "rejected" && input.storage.keepRejected) keepRejected(run, work, fitted);
  return refusal;
}
