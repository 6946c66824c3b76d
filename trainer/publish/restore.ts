import type { Fingerprints, Hold } from "../../contract/published.ts";
import { RunFailure } from "../errors.ts";
import { commit, finish, prepare, unlessSwept, type Change, type Next } from "./commit.ts";
import type { ModelDirectory } from "./directory.ts";
import { checkVersion } from "./manifest.ts";
import { openStagingDirectory, type StagingRequest } from "./staging-directory.ts";
import { championOf, unusableFailure } from "./standing.ts";
import { PublishStep } from "./steps.ts";
import { versionNames } from "./version-records.ts";
import { readVersionReport } from "./versions.ts";

/** A change that trains nothing: everything but the version is as in `publish`. */
interface Request extends Change, StagingRequest {
  readonly directory: ModelDirectory;
}

export interface RestoreRequest extends Request {
  readonly version: string;
  /** Keeps runs from replacing the restored version, for ever or until a moment (ISO 8601); `undefined` lets them. */
  readonly hold: { readonly until?: string } | undefined;
}

export interface RestoredVersion {
  readonly version: string;
  /** The version that was current; null when that cannot be known. */
  readonly from: string | null;
  readonly generation: number;
  readonly manifestSha256: string;
  readonly hold: Hold | undefined;
  /** As of `PublishedVersion`. */
  readonly unfinished: RunFailure | undefined;
}

/**
 * Makes an older version current again, or the current one once more, by the same commit point as a publication; also
 * where the champion is unusable. Every file of the version is compared with its manifest before anything moves.
 * Throws RunFailure VersionUnusable when one differs or there is no such version, else as `publish`.
 */
export async function restoreVersion(request: RestoreRequest): Promise<RestoredVersion> {
  const { version, standing, onStep } = request;
  const manifestSha256 = await restorableManifest(request);
  await onStep?.(PublishStep.VersionVerified, version);
  const hold = holdFor(request);
  const next = { kind: "Restore", pointer: restoredPointer(request, manifestSha256, hold) } as const;
  const rolledBack = await fingerprintsLeft(request);
  const changed = await change(request, { ...next, ...(rolledBack && { rolledBack }) });
  return { version, from: championOf(standing)?.version ?? null, manifestSha256, hold, ...changed };
}

export interface Release {
  readonly version: string;
  readonly generation: number;
  /** The hold that has ended. */
  readonly released: Hold;
  readonly unfinished: RunFailure | undefined;
}

/**
 * Ends the hold of the current version, by the same commit point. CURRENT.json keeps its `runUid`, `previous` and
 * `publishedAt`, because nothing became current; the releasing run is the history's. Throws RunFailure
 * BadConfiguration when there is no hold, VolumeError when the champion is unusable, else as `publish`.
 */
export async function releaseHold(request: Request): Promise<Release> {
  const { directory, standing } = request;
  if (standing.kind === "unusable") throw unusableFailure(directory, standing);
  if (standing.kind === "first" || standing.pointer.hold === undefined) throw notHeld(directory);
  const { hold, generation, ...pointer } = standing.pointer;
  const changed = await change(request, { kind: "Release", pointer });
  return { version: pointer.version, released: hold, ...changed };
}

/**
 * The SHA-256 of the manifest of a version that can be restored; changes nothing. Throws RunFailure VersionUnusable when
 * there is no such version, or one of its files is not as the manifest says.
 */
export async function restorableManifest({
  directory,
  version,
  standing,
}: Pick<RestoreRequest, "directory" | "version" | "standing">): Promise<string> {
  const names = await versionNames(directory);
  if (!names.includes(version)) throw noSuchVersion(directory, version, names);
  const checked = await checkVersion(directory, version);
  if (!checked.ok) throw damagedVersion(version, checked.problem);
  const { manifestSha256 } = checked.value;
  const champion = championOf(standing);
  if (champion?.version !== version || champion.manifestSha256 === manifestSha256) return manifestSha256;
  const expected = `expected SHA-256 ${champion.manifestSha256} as CURRENT.json says, found ${manifestSha256}`;
  throw damagedVersion(version, `${directory.versions}/${version}/MANIFEST.json: ${expected}`);
}

function holdFor({ hold, by, why, clock }: RestoreRequest): Hold | undefined {
  if (hold === undefined) return undefined;
  const since = clock().toISOString();
  return { by, why, since, ...(hold.until !== undefined && { until: hold.until }) };
}

function restoredPointer(
  { standing, version, runUid, clock }: RestoreRequest,
  manifestSha256: string,
  hold: Hold | undefined,
): Next["pointer"] {
  const champion = championOf(standing);
  const previous = champion?.version === version ? champion.previous : (champion?.version ?? null);
  const publishedAt = clock().toISOString();
  return { version, manifestSha256, previous, runUid, publishedAt, ...(hold && { hold }) };
}

/**
 * Of the version that is given up, so that no run makes it again. Not of one that is damaged: its files are what is
 * wrong with it, and training it again would help.
 */
async function fingerprintsLeft(request: RestoreRequest): Promise<Fingerprints | undefined> {
  const { directory, standing, version, say } = request;
  if (standing.kind !== "sound" || standing.pointer.version === version) return undefined;
  const left = standing.pointer.version;
  const report = await readVersionReport(directory, left);
  const data = report.ok ? report.value.data?.fingerprint : undefined;
  const recipe = report.ok ? report.value.lineage.recipeFingerprint : undefined;
  if (data !== undefined && recipe !== undefined) return { data, recipe };
  const problem = report.ok ? "it names no fingerprints" : report.problem;
  say(`A run that trains ${left} again will not be refused: its report.json cannot tell (${problem}).`);
  return undefined;
}

async function change(
  request: Request,
  next: Next,
): Promise<{ generation: number; unfinished: RunFailure | undefined }> {
  await using place = await openStagingDirectory(request.directory, request);
  const prepared = await unlessSwept(place, async () => {
    const prepared = await prepare(place, request, next);
    await commit(place, request, prepared);
    return prepared;
  });
  const unfinished = await finish(place, prepared);
  return { generation: prepared.pointer.generation, unfinished };
}

function noSuchVersion(directory: ModelDirectory, version: string, names: readonly string[]): RunFailure {
  const found = names.length === 0 ? "no version at all" : [...names].sort().reverse().join(", ");
  return new RunFailure(
    "VersionUnusable",
    `Cannot restore ${JSON.stringify(version)} of ${directory.model}: there is no such version in ${directory.versions}, found ${found}. Name one of them.`,
  );
}

const damagedVersion = (version: string, problem: string): RunFailure =>
  new RunFailure(
    "VersionUnusable",
    `Cannot restore ${version}, because it is damaged: ${problem}. Nothing was changed; restore another version, or put the file back from a backup.`,
  );

const notHeld = ({ model }: ModelDirectory): RunFailure =>
  new RunFailure(
    "BadConfiguration",
    `Cannot release ${model}: its current version is not held, so every run may replace it already.`,
  );
