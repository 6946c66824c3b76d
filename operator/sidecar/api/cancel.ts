import { resources } from "../../kube/api.ts";
import { problem } from "../http/problem.ts";
import { route, type Route } from "../http/route.ts";
import { readWatchedRun, type WatchedRun } from "../runs/runs.ts";
import { linkTo, runView } from "../runs/view.ts";
import { Accepted, RunParams } from "./bodies.ts";
import type { ApiContext } from "./context.ts";
import { fromKube, unlessMissing } from "./kube-problem.ts";
import { noSuchRun } from "./runs.ts";

/** `POST /api/runs/:name/cancel`: past its commit point the run ends as Published all the same. */
export function cancelRoute(context: ApiContext): Route {
  return route({
    method: "post",
    path: "/api/runs/:name/cancel",
    right: ({ name }) => ({ verb: "patch", resource: "retrainruns", name }),
    params: RunParams,
    describe: {
      summary: "Stop a run before its commit point",
      responses: {
        202: {
          description: "The run was told to stop, or had been before",
          content: Accepted,
          headers: { Location: "Path of the run" },
        },
        404: { description: "No such run" },
        409: { description: "The run has ended" },
        422: { description: "A rule of the cluster" },
      },
    },
    handle: async ({ user, params, log }, response) => {
      const run = await cancel(params.name, context);
      log.info("A run was cancelled", { run: run.name, model: run.model, user: user.name });
      const answer: Accepted = {
        status: "cancel_requested",
        message: "The run was told to stop; past its commit point it is published all the same.",
        run: runView(run),
      };
      response.status(202).location(linkTo(run)).json(answer);
    },
  });
}

async function cancel(name: string, { kube, namespace, configuration }: ApiContext): Promise<WatchedRun> {
  const at = { resource: resources.retrainRuns, namespace, name };
  const found = await unlessMissing(kube.get(at));
  const before = found && readWatchedRun(found, configuration);
  if (before === undefined) throw noSuchRun(name);
  const { verdict } = before.status;
  if (verdict !== undefined) {
    throw problem(409, "run-finished", `The run ${name} has ended: ${verdict}`, { run: name, verdict });
  }
  const { uid } = before;
  // With its uid: a run of this name that was made in the meantime is another one.
  const patched = await fromKube(kube.patch(at, { metadata: { uid }, spec: { cancel: true } }));
  return readWatchedRun(patched, configuration) ?? before;
}
