import { attemptOf } from "../../reconcile/job-name.ts";
import type { RunSeen } from "../../reconcile/seen.ts";
import { attemptLog, type LogSource } from "./attempt-log.ts";

/** The logs of all attempts one after the other, each below a line that names it, until the run has ended. */
export async function* runLog(source: LogSource): AsyncGenerator<Uint8Array> {
  for (let attempt = 1; !source.signal.aborted; attempt++) {
    yield* titled(attempt, attemptLog(source, attempt));
    if (isLast(source.run.newest, attempt)) return;
  }
}

/** An attempt without any text has no title either. */
async function* titled(attempt: number, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  for await (const chunk of chunks) {
    if (isFirst) yield new TextEncoder().encode(`==> attempt ${String(attempt)} <==\n`);
    isFirst = false;
    yield chunk;
  }
}

function isLast(run: RunSeen | undefined, attempt: number): boolean {
  if (run === undefined) return true;
  const newest = attemptOf(run.status.attempts?.at(-1)?.job ?? "") ?? 0;
  return run.status.verdict !== undefined && attempt >= newest;
}
