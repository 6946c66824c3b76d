import type { HistoryEntry } from "../../contract/published.ts";
import type { ModelDirectory } from "./directory.ts";
import { committedEntries } from "./history.ts";

/**
 * What this very run committed already, before it was killed and tried again; `undefined` when nothing. Only right
 * after `repair`, which finds out whether an intended change was committed.
 */
export async function finishedRun(
  directory: ModelDirectory,
  runUid: string,
): Promise<HistoryEntry | undefined> {
  return (await committedEntries(directory)).findLast((entry) => entry.runUid === runUid);
}
