import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { ArtifactPath, type Manifest, type ManifestFile } from "../../contract/published.ts";
import { RunFailure } from "../errors.ts";
import type { ModelDirectory } from "./directory.ts";
import { makeDirectory, syncDirectory, writeDurably } from "./durable.ts";
import { readHistory } from "./history.ts";
import { stagedVersion } from "./leftovers.ts";
import { fingerprint, manifestName, verifyFiles } from "./manifest.ts";
import { toJson } from "./parsed-json.ts";
import { openStagingDirectory, type StagingDirectory, type StagingRequest } from "./staging-directory.ts";
import { PublishStep } from "./steps.ts";
import { unusedName, versionName } from "./version-name.ts";
import { onVolume } from "./volume.ts";

export interface VersionRequest extends StagingRequest {
  readonly now: Date;
}

/**
 * Opens an empty staging directory and chooses the version's name, which the artifacts may carry. Use it with
 * `await using`: what was not published is removed at the end of the block (so a block that returns the publication
 * says `return await publish(…)`). Throws RunFailure as `volumeFailure`.
 */
export async function stage(directory: ModelDirectory, request: VersionRequest): Promise<Staging> {
  const version = unusedName(versionName(request.now, request.runUid), await takenNames(directory));
  const place = await openStagingDirectory(directory, request);
  try {
    await makeDirectory(join(place.path, stagedVersion));
    return new Staging(place, version, request.now);
  } catch (error) {
    await place[Symbol.asyncDispose]();
    throw error;
  }
}

/** A version that is being written; nobody reads it before `publish`. */
export class Staging implements AsyncDisposable {
  readonly place: StagingDirectory;
  /** The version's files, until it is moved into versions/. */
  readonly versionPath: string;
  readonly version: string;
  readonly runUid: string;
  readonly #now: Date;
  readonly #files = new Map<string, ManifestFile>();
  readonly #directories = new Set<string>();

  constructor(place: StagingDirectory, version: string, now: Date) {
    this.place = place;
    this.version = version;
    this.runUid = place.runUid;
    this.versionPath = join(place.path, stagedVersion);
    this.#now = now;
  }

  /** Writes one file of the version, such as `model.ubj` or `compat/xgboost_v1.pkl`; a text is written as UTF-8. */
  async write(name: string, content: Uint8Array | string): Promise<void> {
    if (!ArtifactPath.safeParse(name).success || name === manifestName || this.#files.has(name)) {
      throw new RunFailure(
        "Bug",
        `Cannot stage ${JSON.stringify(name)}: expected a new, plain relative path.`,
      );
    }
    await this.#makeParents(name);
    await writeDurably(join(this.versionPath, name), content);
    this.#files.set(name, fingerprint(content));
    await this.place.onStep(PublishStep.FileWritten, name);
  }

  /** Writes the manifest last, syncs all directories, reads every file again. Returns the manifest's SHA-256. */
  async seal(): Promise<string> {
    const manifest = this.#manifest();
    const content = toJson(manifest);
    await writeDurably(join(this.versionPath, manifestName), content);
    for (const directory of [...this.#directories, this.versionPath]) await syncDirectory(directory);
    await this.place.onStep(PublishStep.ManifestWritten, manifestName);
    const { size, sha256 } = fingerprint(content);
    await verifyFiles(this.versionPath, {
      ...manifest,
      files: { ...manifest.files, [manifestName]: { size, sha256 } },
    });
    await this.place.onStep(PublishStep.StagingVerified, this.versionPath);
    return sha256;
  }

  /** As of `StagingDirectory`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.place[Symbol.asyncDispose]();
  }

  /** Never recursive: the staging directory itself must not come back after another run has swept it. */
  async #makeParents(name: string): Promise<void> {
    const parents = name.split("/").slice(0, -1);
    for (let depth = 1; depth <= parents.length; depth += 1) {
      const path = join(this.versionPath, ...parents.slice(0, depth));
      if (this.#directories.has(path)) continue;
      await makeDirectory(path);
      this.#directories.add(path);
    }
  }

  #manifest(): Manifest {
    const names = [...this.#files].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      model: this.place.directory.model,
      version: this.version,
      runUid: this.runUid,
      createdAt: this.#now.toISOString(),
      files: Object.fromEntries(names),
    };
  }
}

async function takenNames(directory: ModelDirectory): Promise<ReadonlySet<string>> {
  const present = await onVolume("list", directory.versions, () => readdir(directory.versions));
  const recorded = (await readHistory(directory)).flatMap(({ entry }) => entry?.to ?? []);
  return new Set([...present, ...recorded]);
}
