import { rename } from "node:fs/promises";
import { join } from "node:path";

import type { CurrentPointer, Hold } from "../../contract/published.ts";
import { codeOf, type RunFailure } from "../errors.ts";
import { commit, finish, prepare, unlessSwept, type Change, type Prepared } from "./commit.ts";
import { syncDirectory } from "./durable.ts";
import { verifyVersion } from "./manifest.ts";
import { locked } from "./other-writers.ts";
import type { Staging } from "./staging.ts";
import { championOf } from "./standing.ts";
import { PublishStep } from "./steps.ts";
import { volumeFailure } from "./volume.ts";

export interface Publication extends Change {
  /** The hold that the new version shall carry; without it a hold ends here, because only a forced run comes so far. */
  readonly hold?: Hold;
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
 * Makes the staged version current, also over a champion that is unusable. Until the rename of CURRENT.json everything
 * can be taken back, by the staging's end or by the next run's repair; after it the run is Published, whatever happens.
 * Throws RunFailure ModelLocked when another writer was first or took the lock over, else VolumeReadOnly, DiskFull or
 * VolumeError; readers then still get the champion.
 */
export async function publish(staging: Staging, publication: Publication): Promise<PublishedVersion> {
  const prepared = await unlessSwept(staging.place, () => untilCommit(staging, publication));
  const unfinished = await finish(staging.place, prepared);
  const { version, generation, manifestSha256 } = prepared.pointer;
  return { version, path: finalPath(staging), generation, manifestSha256, unfinished };
}

async function untilCommit(staging: Staging, publication: Publication): Promise<Prepared> {
  const manifestSha256 = await staging.seal();
  const pointer = nextPointer(staging, publication, manifestSha256);
  const prepared = await prepare(staging.place, publication, { kind: "Publish", pointer });
  await moveIntoPlace(staging);
  await commit(staging.place, publication, prepared);
  return prepared;
}

const nextPointer = (
  { version, place }: Staging,
  { standing, hold, clock }: Publication,
  manifestSha256: string,
): Omit<CurrentPointer, "generation"> => ({
  version,
  manifestSha256,
  previous: championOf(standing)?.version ?? null,
  runUid: place.runUid,
  publishedAt: clock().toISOString(),
  ...(hold && { hold }),
});

async function moveIntoPlace(staging: Staging): Promise<void> {
  const { place, version, versionPath } = staging;
  const { directory, onStep } = place;
  const path = finalPath(staging);
  try {
    await rename(versionPath, path);
  } catch (error) {
    if (["EEXIST", "ENOTEMPTY"].includes(codeOf(error) ?? "")) {
      throw locked(directory, `${path} exists already`, error);
    }
    throw await volumeFailure(`move to ${path} the directory`, versionPath, error);
  }
  await syncDirectory(directory.versions);
  await syncDirectory(place.path);
  await onStep(PublishStep.VersionMoved, version);
  await verifyVersion(directory, version);
  await onStep(PublishStep.VersionVerified, version);
}

const finalPath = ({ place, version }: Staging): string => join(place.directory.versions, version);
