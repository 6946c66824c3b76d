import { RunFailure } from "../errors.ts";
import { readCurrent } from "./current.ts";
import type { ModelDirectory } from "./directory.ts";
import { removeVersion } from "./leftovers.ts";
import type { ModelLock } from "./model-lock.ts";
import { readPins } from "./pins.ts";
import { versionRecords } from "./version-records.ts";

/** What retention asks about a version. */
export interface Retainable {
  readonly version: string;
  /** The newest in which it became current; undefined when no history names it. */
  readonly generation: number | undefined;
  /** Undefined when it cannot be known. */
  readonly createdAt: Date | undefined;
}

export interface RetentionRule {
  /** How many of the newest generations stay. */
  readonly keep: number;
  readonly now: Date;
  readonly currentVersion: string | undefined;
  readonly previousVersion: string | undefined;
  readonly pinned: ReadonlySet<string>;
}

export interface Retained {
  readonly version: string;
  readonly keep: boolean;
  /** In half a sentence. */
  readonly why: string;
}

export interface Pruning {
  /** The model's, asked right before each removal. */
  readonly lock: Pick<ModelLock, "assertHeld">;
  readonly keep: number;
  readonly now: Date;
  /** Removes nothing, says what would be removed. */
  readonly dryRun: boolean;
  readonly say: (sentence: string) => void;
}

const youngestToGo = 24 * 3_600_000;

/** Which versions stay and which go, in the order given. */
export function retained(versions: readonly Retainable[], rule: RetentionRule): readonly Retained[] {
  const generations = versions.flatMap(({ generation }) => generation ?? []).sort((a, b) => b - a);
  const newest = new Set(generations.slice(0, rule.keep));
  return versions.map((version) => {
    const why = whyKept(version, rule, newest);
    const keep = why !== undefined;
    return { version: version.version, keep, why: why ?? `older than the newest ${String(rule.keep)}` };
  });
}

/**
 * Removes what `retained` lets go, each by one rename out of versions/, so that no reader sees half a version. Only
 * under the model's lock. Throws RunFailure VolumeError, and removes nothing, when the current version or a pin cannot be
 * read, ModelLocked when the lock was lost.
 */
export async function pruneVersions(
  directory: ModelDirectory,
  { lock, keep, now, dryRun, say }: Pruning,
): Promise<readonly Retained[]> {
  const pointer = await readCurrent(directory);
  const pinned = new Set((await readPins(directory)).keys());
  const versions = (await versionRecords(directory)).map((record) => ({
    version: record.version,
    generation: record.generations.at(-1),
    createdAt: dateOf(record.createdAt ?? record.publishedAt),
  }));
  const decided = retained(versions, {
    keep: sensible(keep),
    now,
    currentVersion: pointer?.version,
    previousVersion: pointer?.previous ?? undefined,
    pinned,
  });
  for (const { version, why } of decided.filter((decision) => !decision.keep)) {
    if (!dryRun) {
      await lock.assertHeld();
      await removeVersion(directory, version);
    }
    say(`${dryRun ? "Would remove" : "Removed"} version ${version}: ${why}.`);
  }
  return decided;
}

function whyKept(
  { version, generation, createdAt }: Retainable,
  { keep, now, currentVersion, previousVersion, pinned }: RetentionRule,
  newest: ReadonlySet<number>,
): string | undefined {
  if (version === currentVersion) return "it is current";
  if (version === previousVersion) return "it was current before";
  if (pinned.has(version)) return "it is pinned";
  // Put there by hand, or just about to become current: nobody has said that it may go.
  if (generation === undefined) return "no history names it";
  if (newest.has(generation)) return `it is of the newest ${String(keep)}`;
  if (createdAt === undefined) return "nothing tells its age";
  return now.getTime() - createdAt.getTime() < youngestToGo ? "it is younger than 24 hours" : undefined;
}

const dateOf = (text: string | undefined): Date | undefined =>
  text === undefined ? undefined : new Date(text);

function sensible(keep: number): number {
  if (Number.isInteger(keep) && keep >= 1) return keep;
  throw new RunFailure("Bug", `Cannot keep ${String(keep)} versions: expected a whole number from 1`);
}
