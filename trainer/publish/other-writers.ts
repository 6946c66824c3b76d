import { RunFailure } from "../errors.ts";
import { samePointer } from "./current.ts";
import type { ModelDirectory } from "./directory.ts";
import { readHistory, resolveEntry, type HistoryFile } from "./history.ts";
import { championOf, generationOf, type Standing } from "./standing.ts";
import { pointerOf } from "./version-records.ts";

/**
 * Throws RunFailure ModelLocked unless the model still stands as `repair` found it and nobody else has claimed a
 * generation since. Also marks the champion's own claim committed where its run was killed before it could.
 */
export async function refuseOtherWriters(directory: ModelDirectory, standing: Standing): Promise<void> {
  await refuseOtherChampion(directory, standing);
  const generation = generationOf(standing);
  const history = await readHistory(directory);
  const other = history.find((file) => file.generation > generation && file.entry?.state !== "abandoned");
  if (other !== undefined) throw locked(directory, `run ${claimant(other)} claimed ${other.path}`);
  if (standing.kind !== "sound") return;
  const own = history.find((file) => file.generation === generation)?.entry;
  if (own?.state === "intended") await resolveEntry(directory, own, "committed");
}

/** Throws RunFailure ModelLocked when CURRENT.json does not say any more what it said at the run's start. */
export async function refuseOtherChampion(directory: ModelDirectory, standing: Standing): Promise<void> {
  const read = await pointerOf(directory);
  const now = read.ok ? read.value : undefined; // Unreadable at the start, it may be so still.
  if (samePointer(now, championOf(standing))) return;
  throw locked(directory, `${now?.version ?? "nothing"} became current`);
}

/** The failure of the writer that came second. `found` says in half a sentence what the other one did. */
export const locked = ({ model }: ModelDirectory, found: string, cause?: unknown): RunFailure =>
  new RunFailure(
    "ModelLocked",
    `Cannot change the current version of ${model}: ${found} while this run was at work. Only one may write at a time; run again when the other has ended.`,
    { cause },
  );

const claimant = ({ entry }: HistoryFile): string => entry?.runUid ?? "unknown";
