import type { CurrentPointer } from "../../contract/published.ts";
import type { Run } from "../run.ts";
import { checkWritable, openModelDirectory, type ModelDirectory } from "../publish/directory.ts";
import { repair } from "../publish/repair.ts";

export interface Opened {
  readonly directory: ModelDirectory;
  readonly champion: CurrentPointer | undefined;
}

const bytesOfNode = 64;
const bytesOfOtherFiles = 2 ** 20;
const mostBytes = 64 * 2 ** 20;

/** What the largest model of the grid could need; a full tree is the worst case, so the estimate has a ceiling. */
export function neededBytes(grid: { maxDepth: readonly number[]; rounds: readonly number[] }): number {
  const nodes = Math.max(...grid.rounds) * 2 ** Math.max(...grid.maxDepth);
  return Math.min(nodes * bytesOfNode, mostBytes) + bytesOfOtherFiles;
}

/** Repairs what a killed run left behind, and fails now, not after the training, when the volume cannot be written. */
export const openStage = ({ input, config, draft, stages, log }: Run): Promise<Opened> =>
  stages.run("open", async () => {
    const directory = await openModelDirectory(config.modelsDir, input.model);
    const champion = await repair(directory, (sentence) => {
      log.warn(sentence, { stage: "open" });
    });
    if (champion !== undefined) draft.current = { version: champion.version, runUid: champion.runUid };
    await checkWritable(directory, neededBytes(input.training.grid));
    return { directory, champion };
  });
