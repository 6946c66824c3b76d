import { z } from "zod";

import { RunParams } from "../api/bodies.ts";
import { fromKube } from "../api/kube-problem.ts";
import { problem, type Problem } from "../http/problem.ts";
import { route, type Route } from "../http/route.ts";
import type { WatchedRun } from "../runs/runs.ts";
import { attemptLog } from "./attempt-log.ts";
import { FollowedRun } from "./followed-run.ts";
import { knownRun } from "./known-run.ts";
import { runLog } from "./run-log.ts";
import { podsOf } from "./run-pods.ts";
import { beginStream, sendAll } from "./send.ts";
import type { StreamParts } from "./stream-parts.ts";

const LogsQuery = z.strictObject({
  attempt: z.coerce.number().pipe(z.int().min(1).max(9999)).optional().describe("Only this attempt, from 1"),
});

/** `GET /api/runs/:name/logs`: at most a chunk is held, however slow the reader is. */
export function logsRoute(parts: StreamParts): Route {
  return route({
    method: "get",
    path: "/api/runs/:name/logs",
    right: () => ({ verb: "get", resource: "pods", subresource: "log" }),
    params: RunParams,
    query: LogsQuery,
    describe: {
      summary: "The trainer's log, followed until the run ends",
      description:
        "From the beginning; waits for a Pod that has not started yet. Without `attempt` the attempts follow one another, each below a line that names it.",
      responses: {
        200: { description: "Lines of JSON as the trainer writes them", content: "text/plain" },
        404: { description: "No such run, or no Pod that has its log any more" },
      },
    },
    handle: async ({ params: { name }, query: { attempt }, signal }, response) => {
      using run = new FollowedRun(parts, await knownRun(parts.runs, name));
      await demandLog(parts, run, attempt);
      beginStream(response, "text/plain");
      const source = { kube: parts.kube, run, signal };
      const chunks = attempt === undefined ? runLog(source) : attemptLog(source, attempt);
      await sendAll(response, chunks, signal);
    },
  });
}

/** A run that goes on may still get the Pod that is asked for. Throws the Problem 404 when none is to come. */
async function demandLog(
  { kube }: StreamParts,
  run: FollowedRun,
  attempt: number | undefined,
): Promise<void> {
  const { newest } = run;
  if (newest?.status.verdict === undefined) return;
  const pods = await fromKube(podsOf(kube, newest, attempt));
  if (pods.length === 0) throw logGone(newest, attempt);
}

function logGone({ name, status }: WatchedRun, attempt: number | undefined): Problem {
  const which = attempt === undefined ? "" : ` of attempt ${String(attempt)}`;
  return problem(
    404,
    "log-gone",
    `There is no Pod${which} of the run ${name} (any more), and its log went with it; the run ended ${status.verdict ?? ""}: ${status.message ?? status.reason ?? ""}`,
  );
}
