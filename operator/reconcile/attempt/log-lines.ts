import { z } from "zod";

import { isProgressLine, jsonOf } from "./progress.ts";
import { masked, quoted } from "./safe-text.ts";

const linesShown = 5;
const longestLine = 300;

/** A log that is this long may have been cut at its start: the kubelet keeps the last 2,048 bytes of it for a Pod's status. */
const longestWhole = 2000;

/**
 * The last lines of a log as one part of a sentence, secrets masked: of the trainer's JSON lines their message, of other programs' lines
 * their text; progress is left out. Undefined when nothing is left.
 */
export function lastLogLines(log: string): string | undefined {
  const lines = withoutTornStart(log)
    .split("\n")
    .filter((line) => line.trim() !== "" && !isProgressLine(line))
    .map(sentenceOf);
  // As a whole first: a private key has many lines.
  const shown = masked(lines.join("\n"))
    .split("\n")
    .slice(-linesShown)
    .map((line) => quoted(line, longestLine))
    .filter((line) => line !== "");
  return shown.length === 0 ? undefined : shown.join(" | ");
}

/** Half a line may begin in the middle of a password, where nothing tells that it is one. */
function withoutTornStart(log: string): string {
  if (log.length < longestWhole) return log;
  const end = log.search(log.includes("\n") ? /\n/ : /\s/);
  return end < 0 ? "" : log.slice(end + 1);
}

const LogLine = z.object({ message: z.string() });

function sentenceOf(line: string): string {
  const { data } = LogLine.safeParse(jsonOf(line));
  return data?.message ?? line;
}
