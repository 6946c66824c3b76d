import { execFile, spawn, type ExecFileOptions } from "node:child_process";
import { readFileSync } from "node:fs";
import { chmod, mkdtemp, readdir, readFile, readlink, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect } from "@jest/globals";

import { HistoryEntry, type CurrentPointer } from "../../../contract/published.ts";
import { readCurrent } from "../../../trainer/publish/current.ts";
import { openModelDirectory, type ModelDirectory } from "../../../trainer/publish/directory.ts";
import { readHistory } from "../../../trainer/publish/history.ts";
import { verifyVersion } from "../../../trainer/publish/manifest.ts";
import { newestLockFile } from "../../../trainer/publish/lock-file.ts";
import { lockTiming, type LockTiming } from "../../../trainer/publish/lock-time.ts";
import type { ModelLock } from "../../../trainer/publish/model-lock.ts";
import { publish, type PublishedVersion } from "../../../trainer/publish/publish.ts";
import { repair } from "../../../trainer/publish/repair.ts";
import { restoreVersion, type RestoredVersion } from "../../../trainer/publish/restore.ts";
import { stage, type Staging } from "../../../trainer/publish/staging.ts";
import type { Standing } from "../../../trainer/publish/standing.ts";
import type { OnStep } from "../../../trainer/publish/steps.ts";

export const noon = new Date("2026-12-01T12:00:00Z");
export const quiet = (): void => undefined;

/** A lock that everybody holds: what is below the lock must keep writers apart by itself. */
export const unlocked: Pick<ModelLock, "assertHeld"> = { assertHeld: () => Promise.resolve() };

/** Where all earlier owners are dead: who is not heard of for a moment has lost the lock. */
export const afterDeath: LockTiming = {
  beatSeconds: 10,
  staleSeconds: 0.05,
  waitSeconds: 30,
  pollSeconds: 0.01,
};

/** What differs in the timing of a lock, as the publisher's `--lock` reads it. */
export function lockOption(timing: Partial<LockTiming>): string {
  return JSON.stringify({ ...lockTiming, ...timing });
}

/** A new, empty models volume that is gone at the end of the block. */
export async function modelsVolume(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "models-"));
  await chmod(path, 0o755);
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

export interface RunFacts {
  readonly runUid?: string;
  readonly now?: Date;
  readonly onStep?: OnStep;
  /** The files of the version by name; each also carries the version's name. */
  readonly files?: readonly string[];
  readonly say?: (sentence: string) => void;
  readonly lock?: typeof unlocked;
}

export interface RestoreFacts extends Omit<RunFacts, "files"> {
  readonly hold?: { readonly until?: string };
}

/** Stages files that say which version they belong to. */
export async function stageVersion(directory: ModelDirectory, facts: RunFacts = {}): Promise<Staging> {
  const { runUid = "0f0e0d0c-1", now = noon, onStep = quiet, say = quiet } = facts;
  const staging = await stage(directory, { runUid, now, say, onStep });
  for (const file of facts.files ?? ["model.ubj", "preprocessor.json"]) {
    await staging.write(file, JSON.stringify({ version: staging.version }));
  }
  return staging;
}

/** Below the lock, unless one is given. */
export const publishOver = (
  standing: Standing,
  staging: Staging,
  now: Date = noon,
  lock = unlocked,
): Promise<PublishedVersion> =>
  publish(staging, { standing, lock, by: "test", why: "a test", clock: () => now });

/** A whole run without training, below the lock unless one is given: repair, stage, publish. */
export async function wholeRun(models: string, facts: RunFacts = {}): Promise<PublishedVersion> {
  const directory = await openModelDirectory(models, "bikes");
  const standing = await repair(directory, facts.say ?? quiet);
  await using staging = await stageVersion(directory, facts);
  return await publishOver(standing, staging, facts.now, facts.lock);
}

/** A whole restore, below the lock unless one is given. */
export async function wholeRestore(
  models: string,
  version: string,
  { runUid = "restorer", now = noon, onStep = quiet, say = quiet, lock = unlocked, hold }: RestoreFacts = {},
): Promise<RestoredVersion> {
  const directory = await openModelDirectory(models, "bikes");
  const standing = await repair(directory, say);
  const change = { standing, lock, by: "test", why: "a test", clock: () => now };
  return await restoreVersion({ ...change, directory, version, runUid, hold, say, onStep });
}

/** One file of history/. */
export const historyEntry = async (models: string, generation: number): Promise<HistoryEntry> => {
  const path = join(models, "bikes/history", `${String(generation).padStart(6, "0")}.json`);
  return HistoryEntry.parse(JSON.parse(await readFile(path, "utf8")));
};

/** Two versions, the second is current. */
export async function twoVersions(
  models: string,
): Promise<{ first: PublishedVersion; second: PublishedVersion }> {
  const first = await wholeRun(models, { runUid: "first" });
  const second = await wholeRun(models, { runUid: "second" });
  return { first, second };
}

/** The version that each file carries when read through `current` and through the fixed names; all must be one. */
export async function versionSeenByReaders(models: string): Promise<string> {
  const names = [
    "current/model.ubj",
    "current/preprocessor.json",
    "xgboost_v1.ubj",
    "preprocessor_v1.json",
  ] as const;
  const seen = await Promise.all(
    names.map(async (name) => {
      const artifact = JSON.parse(await readFile(join(models, "bikes", name), "utf8")) as { version: string };
      return artifact.version;
    }),
  );
  expect(new Set(seen).size).toBe(1);
  return seen[0] ?? "";
}

/** Nothing prepared, nothing half done, every version accounted for, readers and CURRENT.json agree. Returns CURRENT.json. */
export async function expectTidy(models: string): Promise<CurrentPointer> {
  const directory = await openModelDirectory(models, "bikes");
  const current = await readCurrent(directory);
  if (current === undefined) throw new Error("There is no current version");
  await verifyVersion(directory, current.version);

  const history = await readHistory(directory);
  const committed = history.filter(({ entry }) => entry?.state === "committed");
  const open = history.filter(({ entry }) => entry === undefined || entry.state === "intended");
  expect(open).toEqual([]);
  const named = new Set(committed.map(({ entry }) => entry?.to));
  expect((await readdir(directory.versions)).sort()).toEqual([...named].sort());
  const lock = await newestLockFile(directory);
  expect(lock?.owner?.released).toBe(lock === undefined ? undefined : true);
  expect(committed.at(-1)?.entry).toMatchObject({ generation: current.generation, to: current.version });
  expect(await readdir(directory.staging)).toEqual([]);
  expect(await readlink(join(directory.path, "current"))).toBe(`versions/${current.version}`);
  expect(await versionSeenByReaders(models)).toBe(current.version);
  return current;
}

export interface ChildOutcome {
  /** The signal that ended it, when one did. */
  readonly signal: string | null;
  readonly stderr: string;
  /** Published, Restored, Repeated (an earlier attempt had committed), ChampionUnusable, or a failure's reason. */
  readonly outcome?: string;
  readonly message?: string;
  readonly version?: string;
  readonly generation?: number;
  readonly unfinished?: string;
  /** Calls that changed the file system, counted with `--call`. */
  readonly calls?: number;
}

/** A refused publication changed nothing: CURRENT.json has the bytes that it had `before`, and nothing lies around. */
export async function expectUntouched(models: string, before: string): Promise<void> {
  expect(currentText(models)).toBe(before);
  await expectTidy(models);
}

const publisher = join(import.meta.dirname, "../../support/crash-at.ts");

/** A running program of ours that is talked to line by line, and ended with the block. */
export interface Talker extends Disposable {
  hear(): Promise<string>;
  tell(line: string): void;
  kill(signal: NodeJS.Signals): void;
  end(): void;
}

/** Starts the publisher with `--wait`: it says "ready" after its repair and after staging, and goes on when told. */
export const startPublisher = (models: string, runUid: string, options: readonly string[] = []): Talker =>
  startProgram(publisher, ["--models", models, "--run", runUid, "--wait", ...options]);

/** Starts a program of ours on this node. */
export function startProgram(program: string, values: readonly string[]): Talker {
  const child = spawn(process.execPath, [program, ...values], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    hear: async () => {
      const { value, done } = await lines.next();
      return done === true ? "" : value;
    },
    tell: (line) => void child.stdin.write(`${line}\n`),
    kill: (signal) => void child.kill(signal),
    end: () => void child.stdin.end(),
    [Symbol.dispose]: () => void child.kill("SIGKILL"),
  };
}

/** Runs test/support/crash-at.ts as a process of its own and returns how it ended; `wrap` may put a program in front. */
export function publishInChild(
  models: string,
  options: readonly string[],
  wrap: { readonly before?: readonly string[]; readonly spawn?: ExecFileOptions } = {},
): Promise<ChildOutcome> {
  const command = [...(wrap.before ?? []), process.execPath, publisher, "--models", models, ...options];
  return new Promise((resolve) => {
    execFile(
      command[0] ?? "",
      command.slice(1),
      { ...wrap.spawn, encoding: "utf8" },
      (error, stdout, stderr) => {
        const line = stdout.trim().split("\n").at(-1) ?? "";
        const printed = (line.startsWith("{") ? JSON.parse(line) : {}) as Partial<ChildOutcome>;
        resolve({ ...printed, signal: error?.signal ?? null, stderr });
      },
    );
  });
}

/** CURRENT.json's text; the empty text when there is none. */
export function currentText(models: string): string {
  try {
    return readFileSync(join(models, "bikes", "CURRENT.json"), "utf8");
  } catch {
    return "";
  }
}
