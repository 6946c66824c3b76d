import { rename } from "node:fs/promises";
import { join } from "node:path";

import type { CurrentPointer, HistoryEntry } from "../../contract/published.ts";
import { codeOf, RunFailure } from "../errors.ts";
import { readPointer, samePointer } from "./current.ts";
import { isThere, syncDirectory, writeDurably } from "./durable.ts";
import { claimGeneration, nextGeneration, resolveEntry } from "./history.ts";
import { stagedPointer } from "./leftovers.ts";
import { followCurrent } from "./links.ts";
import { verifyVersion } from "./manifest.ts";
import { locked, refuseOtherWriters } from "./other-writers.ts";
import { toJson } from "./parsed-json.ts";
import type { Staging } from "./staging.ts";
import { PublishStep } from "./steps.ts";
import { volumeFailure } from "./volume.ts";

export interface Publication {
  /** The version that this run judged its candidate against, as `repair` returned it; `undefined` on a first run. */
  readonly champion: CurrentPointer | undefined;
  /** Who asked for it and why, for the history. */
  readonly by: string;
  readonly why: string;
  readonly clock: () => Date;
}

export interface PublishedVersion {
  readonly version: string;
  readonly path: string;
  readonly generation: number;
  readonly manifestSha256: string;
  /** Set when the version is current, but links or history could not follow; the next run's repair completes them. */
  readonly unfinished: RunFailure | undefined;
}

/**
 * Makes the staged version current. Until the rename of CURRENT.json everything can be taken back, by the staging's
 * end or by the next run's repair; after it the run is Published, whatever happens. Throws RunFailure ModelLocked
 * when another writer was first, else VolumeReadOnly, DiskFull or VolumeError; readers then still get the champion.
 */
export async function publish(staging: Staging, publication: Publication): Promise<PublishedVersion> {
  const { pointer, path, claim } = await untilCommit(staging, publication);
  const unfinished = await finish(staging, pointer, claim);
  const { version, generation, manifestSha256 } = pointer;
  return { version, path, generation, manifestSha256, unfinished };
}

async function untilCommit(staging: Staging, publication: Publication) {
  try {
    const manifestSha256 = await staging.seal();
    const pointer = await preparePointer(staging, publication, manifestSha256);
    const path = await moveIntoPlace(staging);
    const claim = await claimNext(staging, publication, pointer);
    await commit(staging, pointer);
    return { pointer, path, claim };
  } catch (error) {
    // Swept by another run, this one finds files missing at the oddest places; that run is the reason, not the place.
    if (await isThere(staging.path)) throw error;
    throw locked(staging, `another run swept ${staging.path}`, error);
  }
}

/**
 * Writes the next CURRENT.json into the staging directory, before anything leaves it: whoever sweeps that directory
 * takes the file away with it, and so both learns what to take back and makes the commit impossible.
 */
async function preparePointer(
  staging: Staging,
  { champion, clock }: Publication,
  manifestSha256: string,
): Promise<CurrentPointer> {
  // Numbered before the others are looked for: who claims a generation in between takes this number, and one of us fails.
  const generation = await nextGeneration(staging.directory, champion?.generation ?? 0);
  await refuseOtherWriters(staging, champion);
  const pointer: CurrentPointer = {
    version: staging.version,
    manifestSha256,
    previous: champion?.version ?? null,
    generation,
    runUid: staging.runUid,
    publishedAt: clock().toISOString(),
  };
  await writeDurably(join(staging.path, stagedPointer), toJson(pointer));
  await syncDirectory(staging.path);
  await staging.onStep(PublishStep.PointerPrepared, String(pointer.generation));
  return pointer;
}

async function moveIntoPlace(staging: Staging): Promise<string> {
  const { directory, version, versionPath } = staging;
  const path = join(directory.versions, version);
  try {
    await rename(versionPath, path);
  } catch (error) {
    if (["EEXIST", "ENOTEMPTY"].includes(codeOf(error) ?? ""))
      throw locked(staging, `${path} exists already`, error);
    throw await volumeFailure(`move to ${path} the directory`, versionPath, error);
  }
  await syncDirectory(directory.versions);
  await syncDirectory(staging.path);
  await staging.onStep(PublishStep.VersionMoved, version);
  await verifyVersion(directory, version);
  await staging.onStep(PublishStep.VersionVerified, version);
  return path;
}

async function claimNext(
  staging: Staging,
  { champion, by, why }: Publication,
  { generation, previous, version, runUid, publishedAt }: CurrentPointer,
): Promise<HistoryEntry> {
  const claim = { generation, from: previous, to: version, runUid, by, why, at: publishedAt };
  await claimGeneration(staging.directory, { ...claim, state: "intended" });
  await staging.onStep(PublishStep.GenerationClaimed, String(generation));
  const now = await readPointer(staging.directory);
  if (!samePointer(now, champion)) throw locked(staging, `${now?.version ?? "nothing"} became current`);
  return { ...claim, state: "intended" };
}

/** THE commit point. */
async function commit(staging: Staging, pointer: CurrentPointer): Promise<void> {
  const { directory } = staging;
  const prepared = join(staging.path, stagedPointer);
  try {
    await rename(prepared, directory.current);
  } catch (error) {
    // A network volume may do the rename, lose the answer, and refuse the repetition.
    if (!samePointer(await readPointer(directory), pointer)) {
      throw await volumeFailure(`make ${pointer.version} current by`, prepared, error);
    }
  }
}

/** The steps that follow from CURRENT.json, and that the next run's repair would do as well. */
async function finish(
  staging: Staging,
  pointer: CurrentPointer,
  claim: HistoryEntry,
): Promise<RunFailure | undefined> {
  const { directory, onStep } = staging;
  try {
    await onStep(PublishStep.Committed, pointer.version);
    await syncDirectory(directory.path);
    await onStep(PublishStep.CommitSynced, pointer.version);
    await followCurrent(directory, pointer, onStep);
    await resolveEntry(directory, claim, "committed");
    await onStep(PublishStep.HistoryCommitted, String(claim.generation));
    await staging[Symbol.asyncDispose]();
    await onStep(PublishStep.StagingRemoved, staging.path);
    return undefined;
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    const message = `${pointer.version} is current, but a later step failed, and the next run completes it: ${problem}`;
    return new RunFailure(cause instanceof RunFailure ? cause.reason : "Bug", message, { cause });
  }
}
