import { runView } from "../runs/view.ts";
import type { FollowedRun } from "./followed-run.ts";
import { endEvent, keepAlive, runEvent, type EndReason } from "./server-sent.ts";

const keepAliveMilliseconds = 15_000;

export interface Hearing {
  /** The resourceVersion that the client has already; its state is not told again. */
  readonly known: string | undefined;
  /** Aborted when the client is gone or the server closes. */
  readonly signal: AbortSignal;
}

/** What a client hears of a run, as text/event-stream: its states up to the verdict, and that nothing follows. */
export async function* runEvents(run: FollowedRun, { known, signal }: Hearing): AsyncGenerator<string> {
  let seen = run.newest;
  let told = known;
  while (!signal.aborted && seen !== undefined) {
    // The view is made when it is sent: a slow client skips states.
    if (seen.resourceVersion === told) yield keepAlive;
    else yield runEvent(seen.resourceVersion, runView(seen));
    told = seen.resourceVersion;
    if (seen.status.verdict !== undefined && seen === run.newest) break;
    await run.changedFrom(seen, keepAliveMilliseconds, signal);
    seen = run.newest;
  }
  yield endEvent(endReason(run, signal));
}

function endReason({ newest }: FollowedRun, signal: AbortSignal): EndReason {
  if (newest === undefined) return "deleted";
  return newest.status.verdict !== undefined || !signal.aborted ? "finished" : "closing";
}
