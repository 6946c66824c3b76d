import type { Fingerprints } from "../../contract/published.ts";
import type { ModelDirectory } from "./directory.ts";
import { committedEntries } from "./history.ts";

/** A version that people turned away from, by what it was trained on and how. */
export interface RolledBack extends Fingerprints {
  readonly version: string;
}

/** Oldest first; a version that a later restore made current again is not among them. */
export async function rolledBackFingerprints(directory: ModelDirectory): Promise<readonly RolledBack[]> {
  const restores = (await committedEntries(directory)).filter(({ kind }) => kind === "Restore");
  return restores.flatMap(({ from, rolledBack }, i) => {
    if (from === null || rolledBack === undefined) return [];
    const cameBack = restores.slice(i + 1).some(({ to }) => to === from);
    return cameBack ? [] : [{ version: from, ...rolledBack }];
  });
}
