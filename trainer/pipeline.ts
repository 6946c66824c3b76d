import { abortingChecks, abortion } from "./checks/data-gate.ts";
import type { TrainerInput } from "../contract/trainer-input.ts";
import type { Extracted } from "./extract/extract.ts";
import { RunFailure } from "./errors.ts";
import { exportFeatures } from "./features/export.ts";
import type { Outcome } from "./report/report.ts";
import type { Run } from "./run.ts";
import { cleanStage, type History } from "./stages/clean.ts";
import { checkStage } from "./stages/check.ts";
import { evaluateStage } from "./stages/evaluate.ts";
import { extractStage } from "./stages/extract.ts";
import { openStage } from "./stages/open.ts";
import { publishStage } from "./stages/publish.ts";
import { searchStage } from "./stages/search.ts";
import { startPool } from "./stages/pool.ts";
import { trainStage } from "./stages/train.ts";

/**
 * One month's retraining: rows in PostgreSQL become the current version on the volume. Whatever it throws, and
 * whatever verdict it ends with but Published, the version that was current still is.
 */
export async function retrain(run: Run): Promise<Outcome> {
  refuseUnbuilt(run.input);
  const { directory, champion } = await openStage(run);

  const extracted = await extractStage(run);
  if (extracted === undefined) return aborted(run);
  const history = await cleanAndCheck(run, extracted);
  if (abortingChecks(run.draft.checks).length > 0) return aborted(run);
  if (run.config.featuresFile !== undefined) {
    await exportFeatures(history.table, history.ids, run.config.featuresFile);
  }

  await using pool = await startPool(run, history.table);
  const search = await searchStage(run, history.table, pool);
  await evaluateStage(run, history, search, pool);
  const fitted = await trainStage(run, history.table, search.winner, pool);
  if (run.input.dryRun) return { kind: "dry-run" };
  return await publishStage(run, { directory, champion, history, fitted, pool });
}

/** A function of its own, so that what only the checks need is gone when the training begins. */
async function cleanAndCheck(run: Run, extracted: Extracted): Promise<History> {
  const { history, evidence } = await cleanStage(run, extracted);
  await checkStage(run, evidence);
  return history;
}

function aborted({ draft }: Run): Outcome {
  return { kind: "aborted", ...abortion(abortingChecks(draft.checks)) };
}

/** Another action or other files than asked for would be worse than none; what else has no effect yet stands in README. */
function refuseUnbuilt({ restore, storage }: TrainerInput): void {
  const asked = [
    ...(restore === undefined ? [] : ["spec.restore"]),
    ...(storage.legacyPickle ? ["storage.legacyPickle"] : []),
  ];
  if (asked.length === 0) return;
  throw new RunFailure(
    "BadConfiguration",
    `Cannot carry out ${asked.join(" and ")}: this version of the trainer does not have it; remove it from the run`,
  );
}
