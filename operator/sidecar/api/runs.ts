import { problem, type Problem } from "../http/problem.ts";
import { route, type Route } from "../http/route.ts";
import type { WatchedRun } from "../runs/runs.ts";
import { runSummary, runView } from "../runs/view.ts";
import { RunList, RunParams, RunsQuery } from "./bodies.ts";
import { listed, type ApiContext } from "./context.ts";
import { fromKube } from "./kube-problem.ts";
import { RunView, type RunSummary } from "./schemas.ts";

/** `GET /api/runs` and `GET /api/runs/:name`, from what is watched. */
export const runRoutes = (context: ApiContext): readonly Route[] => [listRoute(context), readRoute(context)];

function listRoute(context: ApiContext): Route {
  return route({
    method: "get",
    path: "/api/runs",
    right: () => ({ verb: "list", resource: "retrainruns" }),
    query: RunsQuery,
    describe: {
      summary: "The newest runs",
      responses: { 200: { description: "Newest first", content: RunList } },
    },
    handle: async ({ query: { model, limit } }, response) => {
      const runs = listed(context);
      const found = model === undefined ? runs.all() : runs.ofModel(model);
      const answer: RunList = { runs: [...Iterator.from(found).take(limit)].map(remembered) };
      response.json(answer);
      return Promise.resolve();
    },
  });
}

/** A run as it was seen never changes: its summary is made once. */
const summaries = new WeakMap<WatchedRun, RunSummary>();

function remembered(run: WatchedRun): RunSummary {
  const summary = summaries.get(run) ?? runSummary(run);
  summaries.set(run, summary);
  return summary;
}

function readRoute(context: ApiContext): Route {
  return route({
    method: "get",
    path: "/api/runs/:name",
    right: ({ name }) => ({ verb: "get", resource: "retrainruns", name }),
    params: RunParams,
    describe: {
      summary: "One run",
      responses: {
        200: { description: "The run with its status", content: RunView },
        404: { description: "No such run" },
      },
    },
    handle: async ({ params: { name } }, response) => {
      const run = await fromKube(listed(context).find(name));
      if (run === undefined) throw noSuchRun(name);
      response.json(runView(run));
    },
  });
}

export const noSuchRun = (name: string): Problem =>
  problem(404, "no-such-run", `There is no run ${name}: GET /api/runs names those that there are`);
