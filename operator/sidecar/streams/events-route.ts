import { RunParams } from "../api/bodies.ts";
import { route, type Route } from "../http/route.ts";
import { FollowedRun } from "./followed-run.ts";
import { knownRun } from "./known-run.ts";
import { runEvents } from "./run-events.ts";
import { beginStream, sendAll } from "./send.ts";
import { retryAfter } from "./server-sent.ts";
import type { StreamParts } from "./stream-parts.ts";

const retryMilliseconds = 3000;

/** `GET /api/runs/:name/events`: a slow client hears of the newest state only, whatever came between. */
export function eventsRoute(parts: StreamParts): Route {
  return route({
    method: "get",
    path: "/api/runs/:name/events",
    right: ({ name }) => ({ verb: "get", resource: "retrainruns", name }),
    params: RunParams,
    describe: {
      summary: "The run's states as they change",
      description:
        "Server-sent events: `run` with the run as GET /api/runs/{name} has it, at once and after each change, and `end` after which nothing follows. An event's id is the run's resourceVersion; sent back as Last-Event-ID, it keeps a state from being told again.",
      responses: {
        200: { description: "The events, until the run has ended", content: "text/event-stream" },
        404: { description: "No such run" },
      },
    },
    handle: async ({ params, headers, signal }, response) => {
      using run = new FollowedRun(parts, await knownRun(parts.runs, params.name));
      const known = headers["last-event-id"]?.toString();
      beginStream(response, "text/event-stream");
      response.write(retryAfter(retryMilliseconds));
      await sendAll(response, runEvents(run, { known, signal }), signal);
    },
  });
}
