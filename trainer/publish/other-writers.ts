import type { CurrentPointer } from "../../contract/published.ts";
import { RunFailure } from "../errors.ts";
import { readCurrent, samePointer } from "./current.ts";
import { readHistory, resolveEntry, type HistoryFile } from "./history.ts";
import type { Staging } from "./staging.ts";

/**
 * Throws RunFailure ModelLocked unless the champion is still current and nobody else has claimed a generation after
 * it. Also marks the champion's own claim committed where its run was killed before it could.
 */
export async function refuseOtherWriters(
  staging: Staging,
  champion: CurrentPointer | undefined,
): Promise<void> {
  const now = await readCurrent(staging.directory);
  if (!samePointer(now, champion)) throw locked(staging, `${now?.version ?? "nothing"} became current`);

  const generation = champion?.generation ?? 0;
  const history = await readHistory(staging.directory);
  const other = history.find((file) => file.generation > generation && file.entry?.state !== "abandoned");
  if (other !== undefined) throw locked(staging, `run ${claimant(other)} claimed ${other.path}`);
  const own = history.find((file) => file.generation === generation)?.entry;
  if (own?.state === "intended") await resolveEntry(staging.directory, own, "committed");
}

/** The failure of the writer that came second. `found` says in half a sentence what the other one did. */
export const locked = ({ directory, version }: Staging, found: string, cause?: unknown): RunFailure =>
  new RunFailure(
    "ModelLocked",
    `Cannot publish ${version} of ${directory.model}: ${found} while this run was at work. Only one may publish at a time; run again when the other has ended.`,
    { cause },
  );

const claimant = ({ entry }: HistoryFile): string => entry?.runUid ?? "unknown";
