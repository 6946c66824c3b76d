import { Reason } from "../../contract/reasons.ts";
import { unusableSentence } from "../publish/standing.ts";
import type { Outcome } from "../report/ending.ts";
import type { Run } from "../run.ts";
import type { Volume } from "./open.ts";

/** Rejects a run whose champion cannot be compared with, unless it is forced: nobody shall overwrite it unseen. */
export function unusableChampion({ input }: Run, { directory, standing }: Volume): Outcome | undefined {
  if (standing.kind !== "unusable" || input.force !== undefined) return undefined;
  return {
    kind: "rejected",
    reason: Reason.ChampionUnusable,
    message: unusableSentence(directory, standing),
  };
}
