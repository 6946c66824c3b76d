import { constants } from "node:fs";
import { open, readdir, realpath, type FileHandle } from "node:fs/promises";
import path from "node:path";

import { Verdict } from "../../../contract/verdicts.ts";
import type { RunSeen } from "../../reconcile/seen.ts";

/** The models' volume as this process has it. */
export interface ModelsVolume {
  /** Where it is mounted. */
  readonly directory: string;
  readonly claimName: string;
}

const reportFile = "report.html";

/**
 * The report that a run left on the volume, opened: that of the version that it published, else the newest of its own. Undefined when it
 * left none, none is kept any more, or it worked on another volume. Nothing outside of the directory is opened, whatever the names are
 * that the run holds, and wherever links on the volume lead. Throws what the file system throws, but for files that are not there.
 */
export async function openReport(
  { directory, claimName }: ModelsVolume,
  { model, uid, status }: Pick<RunSeen, "model" | "uid" | "status">,
): Promise<FileHandle | undefined> {
  const { verdict, version, resolved } = status;
  if (resolved?.storage?.claimName !== claimName) return undefined;
  const own = path.join(resolved.storage.subPath, model);
  const published =
    verdict === Verdict.Published && version !== undefined ? [path.join(own, "versions", version)] : [];
  const kept = await keptReports(directory, path.join(own, "runs"), uid);
  for (const place of [...published, ...kept]) {
    const file = await openInside(directory, path.join(place, reportFile));
    if (file !== undefined) return file;
  }
  return undefined;
}

/** Newest first: their names are the moment at which an attempt started, the run's uid and, if that is taken, a number. */
async function keptReports(directory: string, runs: string, uid: string): Promise<readonly string[]> {
  const names = (await unlessMissing(readdir(path.join(directory, runs)))) ?? [];
  const isOwn = (name: string): boolean => {
    const [, of = ""] = /^\d{8}T\d{6}Z-(.+)$/u.exec(name) ?? [];
    return of === uid || (of.startsWith(`${uid}-`) && /^\d+$/u.test(of.slice(uid.length + 1)));
  };
  return names
    .filter(isOwn)
    .toSorted()
    .toReversed()
    .map((name) => path.join(runs, name));
}

async function openInside(directory: string, file: string): Promise<FileHandle | undefined> {
  const real = await unlessMissing(realpath(path.join(directory, file)));
  const root = await unlessMissing(realpath(directory));
  if (real === undefined || root === undefined || !real.startsWith(root + path.sep)) return undefined;
  // Of a pipe, opening would wait for a writer.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await unlessMissing(open(real, flags));
  if (handle === undefined || (await handle.stat()).isFile()) return handle;
  await handle.close();
  return undefined;
}

const missing: ReadonlySet<unknown> = new Set(["ENOENT", "ENOTDIR", "ELOOP"]);

const unlessMissing = <T>(work: Promise<T>): Promise<T | undefined> =>
  work.catch((error: unknown) => {
    if (Error.isError(error) && "code" in error && missing.has(error.code)) return undefined;
    throw error;
  });
