import { randomUUID } from "node:crypto";

import { openModelDirectory, type ModelDirectory } from "../publish/directory.ts";
import { lockTimingOf } from "../publish/lock-time.ts";
import { acquireLock } from "../publish/lock.ts";
import type { ModelLock } from "../publish/model-lock.ts";
import { repair } from "../publish/repair.ts";
import type { Standing } from "../publish/standing.ts";
import { existingModelDirectory } from "../publish/versions.ts";
import type { Surroundings } from "./answer.ts";

/** What a change needs: the right to write, and what was found. */
export interface Writing {
  readonly directory: ModelDirectory;
  readonly lock: ModelLock;
  readonly standing: Standing;
  /** Of this command, which counts as a run of its own. */
  readonly runUid: string;
}

/** Carries out a change of a model that exists, as a run would: with its lock, after repairing what can be repaired. */
export async function asWriter<T>(
  { modelsDir, config, say, signal }: Surroundings,
  model: string,
  change: (writing: Writing) => Promise<T>,
): Promise<T> {
  await existingModelDirectory(modelsDir, model);
  const directory = await openModelDirectory(modelsDir, model);
  const runUid = randomUUID();
  await using lock = await acquireLock(directory, {
    runUid,
    say,
    signal,
    timing: lockTimingOf(config.lockStaleSeconds),
  });
  const standing = await repair(directory, say);
  return await change({ directory, lock, standing, runUid });
}
