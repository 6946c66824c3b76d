import { Restore } from "../../../contract/retrain-run.ts";
import { purposeOf } from "../../reconcile/frozen.ts";
import { route, type Route } from "../http/route.ts";
import { linkTo, runView } from "../runs/view.ts";
import { Accepted, ModelParams } from "./bodies.ts";
import { demandModel, type ApiContext } from "./context.ts";
import type { CreateRun } from "./create-run.ts";
import { idempotencyKey } from "./idempotency-key.ts";

/** `POST /api/models/:model/restore`. Training under way does not block it: a restore goes first, or preempts. */
export function restoreRoute(context: ApiContext, createRun: CreateRun): Route {
  return route({
    method: "post",
    path: "/api/models/:model/restore",
    right: () => ({ verb: "create", resource: "retrainruns", subresource: "restore" }),
    params: ModelParams,
    body: Restore,
    describe: {
      summary: "Make an older version of a model current again",
      responses: {
        202: {
          description: "The run that does it",
          content: Accepted,
          headers: { Location: "Path of the run" },
        },
        409: { description: "A restore is active", headers: { Location: "Path of the active run" } },
        422: { description: "No such model, a key of another request, or a rule of the cluster" },
      },
    },
    handle: async ({ user, params, body, headers, log }, response) => {
      const key = idempotencyKey(headers);
      demandModel(params.model, context.configuration);
      const spec = {
        model: params.model,
        trigger: "Api" as const,
        requestedBy: user.name,
        restore: body,
      };
      const run = await createRun({
        order: { spec, reason: undefined },
        key,
        isBlockedBy: (other) => purposeOf(other).restore !== undefined,
      });
      log.info("A restore was asked for", { run: run.name, model: run.model, user: user.name });
      const answer: Accepted = {
        status: "restore_started",
        message: `Version ${body.version} is made current again in background.`,
        run: runView(run),
      };
      response.status(202).location(linkTo(run)).json(answer);
    },
  });
}
