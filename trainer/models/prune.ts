import { pruneVersions, type Retained } from "../publish/retention.ts";
import { unusable } from "../publish/current.ts";
import type { Answer, Surroundings } from "./answer.ts";
import type { Asked } from "./asked.ts";
import { asWriter } from "./writing.ts";

/** Removes all versions but the newest, and those that must stay. */
export async function prune(around: Surroundings, asked: Asked["prune"]): Promise<Answer> {
  const { clock, say } = around;
  const { model, keep, dryRun } = asked;
  const decided = await asWriter(around, model, async ({ directory, standing, lock }) => {
    if (standing.kind === "unusable") throw unusable(directory, standing.problem);
    return await pruneVersions(directory, { lock, keep, now: clock(), dryRun, say });
  });
  const gone = decided.filter((version) => !version.keep);
  const rows = decided.map(({ version, why, ...rest }) => ({
    version,
    stays: rest.keep ? "yes" : "no",
    why,
  }));
  return {
    document: { model, dryRun, versions: decided },
    text: [{ title: `Versions of ${model}`, rows }, sentence(model, decided, gone, dryRun)],
    exitCode: 0,
  };
}

function sentence(
  model: string,
  all: readonly Retained[],
  gone: readonly Retained[],
  dryRun: boolean,
): string {
  const left = String(all.length - gone.length);
  return dryRun
    ? `Nothing was removed, as asked: ${String(gone.length)} versions of ${model} would go, ${left} would stay.`
    : `Pruned: ${String(gone.length)} versions of ${model} are gone, ${left} stay.`;
}
