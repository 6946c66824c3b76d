import { rename } from "node:fs/promises";
import { join } from "node:path";

import type { CurrentPointer, Fingerprints, HistoryEntry } from "../../contract/published.ts";
import { RunFailure } from "../errors.ts";
import { samePointer } from "./current.ts";
import { isThere, syncDirectory, writeDurably } from "./durable.ts";
import { claimGeneration, nextGeneration, resolveEntry } from "./history.ts";
import { stagedPointer, stagedReturn } from "./leftovers.ts";
import { followCurrent } from "./links.ts";
import type { ModelLock } from "./model-lock.ts";
import { locked, refuseOtherChampion, refuseOtherWriters } from "./other-writers.ts";
import { toJson } from "./parsed-json.ts";
import type { StagingDirectory } from "./staging-directory.ts";
import { championOf, generationOf, type Standing } from "./standing.ts";
import { PublishStep } from "./steps.ts";
import { pointerOf } from "./version-records.ts";
import { volumeFailure } from "./volume.ts";

/** What every writer of CURRENT.json brings along. */
export interface Change {
  /** How the model stood when the run began, as `repair` returned it: anything else by now is another writer's work. */
  readonly standing: Standing;
  /** Asked before the generation is claimed, and once more right before the commit. */
  readonly lock: Pick<ModelLock, "assertHeld">;
  /** Who asked for it and why, for the history. */
  readonly by: string;
  readonly why: string;
  readonly clock: () => Date;
}

/** What shall be current; the generation follows from what is on the volume. */
export interface Next {
  readonly kind: HistoryEntry["kind"];
  readonly pointer: Omit<CurrentPointer, "generation">;
  readonly rolledBack?: Fingerprints;
}

/** A change that only needs its commit: the next CURRENT.json stands in the staging directory. */
export interface Prepared {
  readonly path: string;
  readonly pointer: CurrentPointer;
  readonly claim: HistoryEntry;
}

/**
 * Writes the next CURRENT.json into the staging directory, before anything leaves it: whoever sweeps that directory
 * takes the file away with it, and so both learns what to take back and makes the commit impossible.
 */
export async function prepare(place: StagingDirectory, change: Change, next: Next): Promise<Prepared> {
  const { directory, path, runUid, onStep } = place;
  const { standing, lock, by, why, clock } = change;
  // Numbered before the others are looked for: who claims a generation in between takes this number, and one of us fails.
  const generation = await nextGeneration(directory, generationOf(standing));
  await refuseOtherWriters(directory, standing);
  await lock.assertHeld();

  const { kind, rolledBack } = next;
  const pointer: CurrentPointer = { ...next.pointer, generation };
  const from = championOf(standing)?.version ?? null;
  const facts = { generation, state: "intended", kind, from, to: pointer.version } as const;
  const claim = { ...facts, runUid, by, why, at: clock().toISOString(), ...(rolledBack && { rolledBack }) };
  const prepared = join(path, kind === "Publish" ? stagedPointer : stagedReturn);
  await writeDurably(prepared, toJson(pointer));
  await syncDirectory(path);
  await onStep(PublishStep.PointerPrepared, String(generation));
  return { path: prepared, pointer, claim };
}

/** Claims the generation, looks once more for other writers, and commits. Throws RunFailure ModelLocked when there is one. */
export async function commit(place: StagingDirectory, change: Change, prepared: Prepared): Promise<void> {
  const { directory, onStep } = place;
  const { claim } = prepared;
  await claimGeneration(directory, claim);
  await onStep(PublishStep.GenerationClaimed, String(claim.generation));
  await refuseOtherChampion(directory, change.standing);
  await change.lock.assertHeld();
  await replaceCurrent(place, prepared);
}

/** The steps that follow from CURRENT.json, and that the next run's repair would do as well; what could not be done. */
export async function finish(
  place: StagingDirectory,
  { pointer, claim }: Prepared,
): Promise<RunFailure | undefined> {
  const { directory, onStep } = place;
  try {
    await onStep(PublishStep.Committed, pointer.version);
    await syncDirectory(directory.path);
    await onStep(PublishStep.CommitSynced, pointer.version);
    await followCurrent(directory, pointer, onStep);
    await resolveEntry(directory, claim, "committed");
    await onStep(PublishStep.HistoryCommitted, String(claim.generation));
    await place[Symbol.asyncDispose]();
    await onStep(PublishStep.StagingRemoved, place.path);
    return undefined;
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    const message = `${pointer.version} is current, but a later step failed, and the next run completes it: ${problem}`;
    return new RunFailure(cause instanceof RunFailure ? cause.reason : "Bug", message, { cause });
  }
}

/** Swept by another run, this one finds files missing at the oddest places; that run is the reason, not the place. */
export async function unlessSwept<T>(place: StagingDirectory, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (await isThere(place.path)) throw error;
    throw locked(place.directory, `another run swept ${place.path}`, error);
  }
}

/** THE commit point. */
async function replaceCurrent({ directory }: StagingDirectory, { path, pointer }: Prepared): Promise<void> {
  try {
    await rename(path, directory.current);
  } catch (error) {
    // A network volume may do the rename, lose the answer, and refuse the repetition.
    const now = await pointerOf(directory);
    if (!now.ok || !samePointer(now.value, pointer)) {
      throw await volumeFailure(`make ${pointer.version} current by`, path, error);
    }
  }
}
