import { RunFailure } from "../errors.ts";
import type { VersionRecord } from "../publish/version-records.ts";

/**
 * The version that a word means: a name, `current` or `previous`. Throws RunFailure BadConfiguration, naming the
 * versions there are.
 */
export function findVersion<Version extends VersionRecord>(
  versions: readonly Version[],
  word: string,
): Version {
  const found = versions.find(
    ({ version, isCurrent, isPrevious }) =>
      version === word || (word === "current" && isCurrent) || (word === "previous" && isPrevious),
  );
  if (found !== undefined) return found;
  const names = versions.map(({ version }) => version).join(", ");
  throw new RunFailure(
    "BadConfiguration",
    `Cannot find the version ${JSON.stringify(word)}: found ${names === "" ? "none" : names}. Name one of them.`,
  );
}
