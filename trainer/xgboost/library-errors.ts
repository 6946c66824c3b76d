const kept = 3;

/**
 * The sentences of a message of libxgboost: without its backtrace, the clock time and the source position in
 * front, at most three lines of it.
 */
export function libraryMessage(raw: string): string {
  const [message = ""] = raw.split(/\n\s*Stack trace:/u);
  const lines = message
    .split("\n")
    .map((line) => line.replace(/^\[[\d:]+\] (?:\S+:\d+: )?/u, "").trim())
    .filter((line) => line !== "" && !line.startsWith("[bt]"));
  return lines.slice(0, kept).join(" ") || "no message";
}
