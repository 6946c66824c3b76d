import { Reason } from "../../contract/reasons.ts";
import type { TrainerReport } from "../../contract/trainer-report.ts";
import { recipeFingerprint } from "../features/recipe.ts";
import type { Outcome } from "../report/ending.ts";
import type { Run } from "../run.ts";
import { rolledBackFingerprints } from "../publish/rolled-back.ts";
import type { TrainingPool } from "../xgboost/pool.ts";
import type { Volume } from "./open.ts";

/**
 * Ends a run whose data and recipe are known already, before it trains: they would give the current version again, or
 * one that was rolled back. Asked after all data checks, so that a dead feed never ends as nothing new.
 */
export async function knownOutcome(
  run: Run,
  { directory, champion }: Volume,
  { libraryVersion }: Pick<TrainingPool, "libraryVersion">,
): Promise<Outcome | undefined> {
  const { draft, input } = run;
  draft.libraryVersion = libraryVersion;
  draft.recipeFingerprint = recipeFingerprint(input, libraryVersion);
  if (input.force !== undefined) return undefined;

  const own = { data: draft.data?.fingerprint, recipe: draft.recipeFingerprint };
  if (champion !== undefined && isOf(champion.report, own)) return nothingNew(champion.version);
  const bad = (await rolledBackFingerprints(directory)).find(
    ({ data, recipe }) => data === own.data && recipe === own.recipe,
  );
  return bad === undefined ? undefined : knownBad(bad.version);
}

const isOf = (
  { data, lineage }: TrainerReport,
  own: { readonly data: string | undefined; readonly recipe: string },
): boolean => data?.fingerprint === own.data && lineage.recipeFingerprint === own.recipe;

const nothingNew = (version: string): Outcome => ({
  kind: "skipped",
  reason: Reason.NoNewData,
  message: `Data and recipe are those of the current version ${version}, so training would give it again; spec.force trains all the same`,
});

const knownBad = (version: string): Outcome => ({
  kind: "rejected",
  reason: Reason.KnownBad,
  message: `Data and recipe are those of ${version}, which was rolled back, so training would give it again; correct the data or the recipe, or set spec.force`,
});
