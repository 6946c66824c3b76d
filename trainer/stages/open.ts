import type { HistoryEntry } from "../../contract/published.ts";
import { openPublishedModel, type PublishedModel } from "../champion/published-model.ts";
import { RunFailure } from "../errors.ts";
import { finishedRun } from "../publish/finished-run.ts";
import { checkWritable, openModelDirectory, type ModelDirectory } from "../publish/directory.ts";
import { acquireLock } from "../publish/lock.ts";
import { lockTimingOf } from "../publish/lock-time.ts";
import type { ModelLock } from "../publish/model-lock.ts";
import { repair } from "../publish/repair.ts";
import type { Standing } from "../publish/standing.ts";
import type { Run } from "../run.ts";

/** The model's directory, which no other writer touches until the run has ended. */
export interface Volume {
  readonly directory: ModelDirectory;
  readonly lock: ModelLock;
  readonly standing: Standing;
  /** The current version; undefined on a first run, and when it is unusable. */
  readonly champion: PublishedModel | undefined;
  /** The committed generation of this very run, when an earlier attempt was ended after its commit point. */
  readonly finished: HistoryEntry | undefined;
}

/** Repairs what a killed run left behind, and fails now, not after the training, when the volume cannot be written. */
export const openStage = (run: Run): Promise<Volume> =>
  run.stages.run("open", async () => {
    const { input, config, draft, log, signal, resources } = run;
    const say = (sentence: string): void => {
      log.warn(sentence, { stage: "open" });
    };
    const directory = await openModelDirectory(config.modelsDir, input.model);
    draft.volume = directory;
    const timing = lockTimingOf(config.lockStaleSeconds);
    const lock = resources.use(await acquireLock(directory, { runUid: input.runUid, say, signal, timing }));
    const found = await repair(directory, say);
    const { standing, champion } = await withChampion(directory, found);
    if (standing.kind === "sound") {
      draft.current = { version: standing.pointer.version, runUid: standing.pointer.runUid };
    }
    await checkWritable(
      directory,
      input.restore === undefined ? neededBytes(input.training.grid) : bytesOfOtherFiles,
    );
    const finished = await finishedRun(directory, input.runUid);
    return { directory, lock, standing, champion, finished };
  });

/** A version whose files are intact may still be of a kind that this trainer cannot read. */
async function withChampion(
  directory: ModelDirectory,
  standing: Standing,
): Promise<Pick<Volume, "standing" | "champion">> {
  if (standing.kind !== "sound") return { standing, champion: undefined };
  try {
    return { standing, champion: await openPublishedModel(directory, standing.pointer.version) };
  } catch (error) {
    if (!(error instanceof RunFailure) || error.reason !== "VolumeError") throw error;
    const unusable = { kind: "unusable", pointer: standing.pointer, problem: error.message } as const;
    return { standing: unusable, champion: undefined };
  }
}

const bytesOfNode = 64;
const bytesOfOtherFiles = 2 ** 20;
const mostBytes = 64 * 2 ** 20;

/** What the largest model of the grid could need; a full tree is the worst case, so the estimate has a ceiling. */
export function neededBytes(grid: { maxDepth: readonly number[]; rounds: readonly number[] }): number {
  const nodes = Math.max(...grid.rounds) * 2 ** Math.max(...grid.maxDepth);
  return Math.min(nodes * bytesOfNode, mostBytes) + bytesOfOtherFiles;
}
