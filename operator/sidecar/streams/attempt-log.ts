import { KubeError, type Kube, type LogFollower } from "../../kube/api.ts";
import { attemptOf } from "../../reconcile/job-name.ts";
import { trainerContainer } from "../../reconcile/labels.ts";
import type { RunSeen } from "../../reconcile/seen.ts";
import type { FollowedRun } from "./followed-run.ts";
import { RestOfText } from "./rest-of-text.ts";
import { podsOf, type RunPod } from "./run-pods.ts";

export interface LogSource {
  readonly kube: Pick<Kube, "list"> & LogFollower;
  readonly run: FollowedRun;
  readonly signal: AbortSignal;
}

/**
 * Between two looks at a Pod, which is listed and not watched. A run may wait for days, and each who reads along looks: the pauses grow
 * as long as there is nothing to read.
 */
const [shortestPause, longestPause] = [1000, 15_000];
const mostFailures = 5;

/**
 * The text of an attempt's container: from its beginning, as it comes, to its end. Waits for a Pod that has not started, and goes on
 * where it was when the stream breaks. Ends without a word when there is nothing (more) to read.
 */
export async function* attemptLog(source: LogSource, attempt: number): AsyncGenerator<Uint8Array> {
  const { run, signal } = source;
  const rest = new RestOfText();
  let pause = shortestPause;
  for (let failures = 0; !signal.aborted && failures < mostFailures;) {
    const seen = run.newest;
    const pod = await newestPod(source, seen, attempt);
    if (hasStarted(pod)) {
      const end = yield* followed(source, pod, rest);
      // What a container wrote last is only sure to be there once it is known to have ended.
      if (end === "complete" && pod.trainer.terminated !== undefined) return;
      failures = end === "broken" && pod.trainer.terminated !== undefined ? failures + 1 : 0;
      pause = shortestPause;
    } else if (isPast(seen, attempt)) return;
    await run.changedFrom(seen, pause, signal);
    pause = run.newest === seen ? Math.min(2 * pause, longestPause) : shortestPause;
  }
}

async function newestPod(
  { kube, signal }: LogSource,
  run: RunSeen | undefined,
  attempt: number,
): Promise<RunPod | undefined> {
  if (run === undefined) return undefined;
  try {
    const pods = await podsOf(kube, run, attempt);
    return pods.toSorted((one, other) => other.createdAt.getTime() - one.createdAt.getTime())[0];
  } catch (error) {
    if (signal.aborted || mayPass(error)) return undefined;
    throw error;
  }
}

const hasStarted = (pod: RunPod | undefined): pod is RunPod =>
  pod?.trainer.runningSince !== undefined || pod?.trainer.terminated !== undefined;

async function* followed(
  { kube, signal }: LogSource,
  { name, namespace }: RunPod,
  rest: RestOfText,
): AsyncGenerator<Uint8Array, "complete" | "broken"> {
  try {
    const at = { namespace, pod: name, container: trainerContainer };
    yield* rest.of(kube.followLogs(at, signal));
    return "complete";
  } catch (error) {
    if (mayPass(error)) return "broken";
    throw error;
  }
}

/** 400: not started after all. 404: the Pod has gone, which the next look shows. */
const mayPass = (error: unknown): boolean =>
  error instanceof KubeError && (error.status >= 500 || [0, 400, 404, 429].includes(error.status));

/** Nothing is to come: the run has ended, or has gone on to another attempt. */
function isPast(run: RunSeen | undefined, attempt: number): boolean {
  if (run === undefined || run.status.verdict !== undefined) return true;
  return (run.status.attempts ?? []).some(({ job, finishedAt }) => {
    const number = attemptOf(job) ?? 0;
    return number > attempt || (number === attempt && finishedAt !== undefined);
  });
}
