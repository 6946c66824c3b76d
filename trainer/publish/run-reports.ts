import { randomUUID } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";

import { TrainerReport } from "../../contract/trainer-report.ts";
import { codeOf, RunFailure } from "../errors.ts";
import type { ModelDirectory } from "./directory.ts";
import { makeDirectory, readIfThere, syncDirectory, writeDurably } from "./durable.ts";
import { namesIn } from "./listing.ts";
import { parsedJson } from "./parsed-json.ts";
import { onVolume } from "./volume.ts";

export interface RunReport {
  readonly runUid: string;
  readonly startedAt: Date;
  /** What stays of the run, by plain file name: report.json, report.html … */
  readonly files: ReadonlyMap<string, string | Uint8Array>;
  /** How many runs' reports stay. */
  readonly keep?: number;
}

const reportFile = "report.json";
const plainName = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;
/** The moment at which the run started, and its uid. */
const runName = /^\d{8}T\d{6}Z-[A-Za-z0-9_-]+$/;

/**
 * Keeps what a run says about itself in `runs/<moment>-<run uid>/`, also of a run that published nothing, and
 * removes the oldest beyond `keep`. All files are there or none; another attempt of the run gets a directory of its
 * own. Returns the directory. Throws RunFailure as `volumeFailure`.
 */
export async function keepRunReport(directory: ModelDirectory, run: RunReport): Promise<string> {
  const { runUid, startedAt, files, keep = 24 } = run;
  await makeDirectory(directory.runs);
  const staged = join(directory.staging, `report-${randomUUID()}`);
  try {
    await writeFiles(staged, files);
    const kept = await moveToNewName(staged, join(directory.runs, nameOf(startedAt, runUid)));
    await syncDirectory(directory.runs);
    await removeOldest(directory, keep, kept);
    return kept;
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
}

/** The newest report that a run left, `undefined` when none was kept or can be read. */
export async function findRunReport(
  directory: ModelDirectory,
  runUid: string,
): Promise<TrainerReport | undefined> {
  const own = (await runNames(directory)).filter((name) => name.includes(`-${plain(runUid)}`));
  for (const name of own.reverse()) {
    const bytes = await readIfThere(join(directory.runs, name, reportFile));
    const parsed = bytes === undefined ? undefined : parsedJson(TrainerReport, bytes);
    // Another run's uid may begin with this one.
    if (parsed?.ok === true && parsed.value.runUid === runUid) return parsed.value;
  }
  return undefined;
}

async function writeFiles(path: string, files: RunReport["files"]): Promise<void> {
  await makeDirectory(path);
  for (const [name, content] of files) {
    if (!plainName.test(name))
      throw new RunFailure(
        "Bug",
        `Cannot keep a report as ${JSON.stringify(name)}: expected a plain file name`,
      );
    await writeDurably(join(path, name), content);
  }
  await syncDirectory(path);
}

/** Never takes a name that is taken: a rename onto a directory with something in it fails. */
async function moveToNewName(staged: string, wanted: string): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const path = attempt === 1 ? wanted : `${wanted}-${String(attempt)}`;
    if (await onVolume(`move to ${path}`, staged, () => moved(staged, path))) return path;
  }
}

async function moved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (["ENOTEMPTY", "EEXIST"].includes(codeOf(error) ?? "")) return false;
    throw error;
  }
}

/** `kept` stays, even when a clock that was set back makes it the oldest. */
async function removeOldest(directory: ModelDirectory, keep: number, kept: string): Promise<void> {
  const others = (await runNames(directory)).filter((name) => name !== basename(kept));
  for (const name of others.slice(0, Math.max(0, others.length + 1 - keep))) {
    const path = join(directory.runs, name);
    await onVolume("remove", path, () => rm(path, { recursive: true, force: true, maxRetries: 3 }));
  }
}

/** Oldest first: names begin with the moment. */
async function runNames(directory: ModelDirectory): Promise<string[]> {
  const names = await namesIn(directory.runs);
  return names.filter((name) => runName.test(name)).sort();
}

const nameOf = (startedAt: Date, runUid: string): string =>
  `${startedAt.toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z-${plain(runUid)}`;

const plain = (runUid: string): string => runUid.replaceAll(/[^A-Za-z0-9-]/g, "_").slice(0, 64);
