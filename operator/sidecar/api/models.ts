import { route, type Route } from "../http/route.ts";
import { modelViews } from "../runs/models.ts";
import { ModelList } from "./bodies.ts";
import { listed, type ApiContext } from "./context.ts";

/** `GET /api/models`. */
export function modelsRoute(context: ApiContext): Route {
  return route({
    method: "get",
    path: "/api/models",
    right: () => ({ verb: "list", resource: "retrainruns" }),
    describe: {
      summary: "The models with their current versions",
      responses: { 200: { description: "By name, those of the configuration first", content: ModelList } },
    },
    handle: (_, response) => {
      const answer: ModelList = { models: modelViews(listed(context), context.configuration, context.now()) };
      response.json(answer);
      return Promise.resolve();
    },
  });
}
