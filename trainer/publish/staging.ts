import { mkdtemp, readdir } from "node:fs/promises";
import { join } from "node:path";

import { ArtifactPath, type Manifest, type ManifestFile } from "../../contract/published.ts";
import { RunFailure } from "../errors.ts";
import type { ModelDirectory } from "./directory.ts";
import { makeDirectory, openToReaders, syncDirectory, writeDurably } from "./durable.ts";
import { readHistory } from "./history.ts";
import { stagedVersion, sweepLeftover } from "./leftovers.ts";
import { fingerprint, manifestName, verifyFiles } from "./manifest.ts";
import { toJson } from "./parsed-json.ts";
import { PublishStep, type OnStep } from "./steps.ts";
import { unusedName, versionName } from "./version-name.ts";
import { onVolume } from "./volume.ts";

export interface StagingRequest {
  readonly runUid: string;
  readonly now: Date;
  /** Hears when cleaning up did not work; the next run's repair completes it. */
  readonly say: (sentence: string) => void;
  readonly onStep?: OnStep;
}

/**
 * Opens an empty staging directory and chooses the version's name, which the artifacts may carry. Use it with
 * `await using`: what was not published is removed at the end of the block (so a block that returns the publication
 * says `return await publish(…)`). Throws RunFailure as `volumeFailure`.
 */
export async function stage(directory: ModelDirectory, request: StagingRequest): Promise<Staging> {
  const version = unusedName(versionName(request.now, request.runUid), await takenNames(directory));
  const prefix = join(directory.staging, `${request.runUid.replaceAll(/[^A-Za-z0-9-]/g, "_").slice(0, 64)}-`);
  // Random at the end: a retried attempt must not share a directory with its predecessor that is not yet dead.
  const path = await onVolume("create a directory at", prefix, () => mkdtemp(prefix));
  const staging = new Staging(directory, path, { ...request, version });
  try {
    await staging.open();
    return staging;
  } catch (error) {
    await staging[Symbol.asyncDispose]();
    throw error;
  }
}

/** A version that is being written; nobody reads it before `publish`. */
export class Staging implements AsyncDisposable {
  readonly directory: ModelDirectory;
  /** The staging directory; the version is `versionPath` inside it until it is moved into versions/. */
  readonly path: string;
  readonly versionPath: string;
  readonly version: string;
  readonly runUid: string;
  readonly onStep: OnStep;
  readonly #now: Date;
  readonly #say: (sentence: string) => void;
  readonly #files = new Map<string, ManifestFile>();
  readonly #directories = new Set<string>();

  constructor(directory: ModelDirectory, path: string, request: StagingRequest & { version: string }) {
    this.directory = directory;
    this.path = path;
    this.versionPath = join(path, stagedVersion);
    this.version = request.version;
    this.runUid = request.runUid;
    this.onStep = request.onStep ?? (() => undefined);
    this.#now = request.now;
    this.#say = request.say;
  }

  /** Called by `stage`. */
  async open(): Promise<void> {
    await openToReaders(this.path);
    await makeDirectory(this.versionPath);
    await syncDirectory(this.directory.staging);
    await this.onStep(PublishStep.StagingOpened, this.path);
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
    await this.onStep(PublishStep.FileWritten, name);
  }

  /** Writes the manifest last, syncs all directories, reads every file again. Returns the manifest's SHA-256. */
  async seal(): Promise<string> {
    const manifest = this.#manifest();
    const content = toJson(manifest);
    await writeDurably(join(this.versionPath, manifestName), content);
    for (const directory of [...this.#directories, this.versionPath]) await syncDirectory(directory);
    await this.onStep(PublishStep.ManifestWritten, manifestName);
    const { size, sha256 } = fingerprint(content);
    await verifyFiles(this.versionPath, {
      ...manifest,
      files: { ...manifest.files, [manifestName]: { size, sha256 } },
    });
    await this.onStep(PublishStep.StagingVerified, this.versionPath);
    return sha256;
  }

  /** Takes back everything that is not committed; safe at any time, also beside a publication that still runs (SIGTERM). */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await sweepLeftover(this.directory, this.path);
    } catch (error) {
      // Thrown, it would hide why the run ended.
      this.#say(`Cleaning ${this.path} is left to the next run: ${String(error)}`);
    }
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
      model: this.directory.model,
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
