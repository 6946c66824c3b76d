import type { z } from "zod";

import { given } from "../../../contract/given.ts";
import type { Force } from "../../../contract/retrain-run.ts";
import { route, type Call, type Route } from "../http/route.ts";
import { linkTo, runView } from "../runs/view.ts";
import { TrainAccepted, TrainRequest } from "./bodies.ts";
import { demandModel, type ApiContext } from "./context.ts";
import type { CreateRun } from "./create-run.ts";
import { idempotencyKey } from "./idempotency-key.ts";
import type { Order } from "./order.ts";

/** `POST /api/train`: the first two fields of its answer are those of the Python service. */
export function trainRoute(context: ApiContext, createRun: CreateRun): Route {
  return route({
    method: "post",
    path: "/api/train",
    right: () => ({ verb: "create", resource: "retrainruns" }),
    body: TrainRequest,
    describe: {
      summary: "Train a model now",
      description:
        "Creates a RetrainRun. force also needs the right to create retrainruns/force. A body is not needed.",
      responses: {
        202: {
          description: "The run that was created, or that the Idempotency-Key created before",
          content: TrainAccepted,
          headers: { Location: "Path of the run" },
        },
        409: { description: "A run of the model is active", headers: { Location: "Path of the active run" } },
        422: { description: "No such model, a key of another request, or a rule of the cluster" },
      },
    },
    handle: async (call, response) => {
      const key = idempotencyKey(call.headers);
      const order = orderOf(call, context.configuration.model);
      demandModel(order.spec.model, context.configuration);
      if (order.spec.force !== undefined) {
        await call.demand({ verb: "create", resource: "retrainruns", subresource: "force" });
      }
      const run = await createRun({ order, key, isBlockedBy: () => true });
      call.log.info("A run was asked for", { run: run.name, model: run.model, user: call.user.name });
      const answer: TrainAccepted = {
        status: "training_started",
        message: "Model retraining started in background.",
        run: runView(run),
      };
      response.status(202).location(linkTo(run)).json(answer);
    },
  });
}

/** Who asked comes from the token, never from the body. */
function orderOf({ user, body }: Call<z.infer<typeof TrainRequest>>, defaultModel: string): Order {
  const { model = defaultModel, dryRun, reason } = body;
  const force = forceOf(body);
  const spec = {
    model,
    trigger: "Api" as const,
    requestedBy: user.name,
    ...given({ dryRun, force }),
  };
  return { spec, reason: force === undefined ? reason : undefined };
}

/** The reason stands beside `force: true`, or in it as a RetrainRun has it. */
function forceOf({ force, reason }: z.infer<typeof TrainRequest>): Force | undefined {
  if (typeof force === "object") return force;
  return force === true && reason !== undefined ? { reason } : undefined;
}
