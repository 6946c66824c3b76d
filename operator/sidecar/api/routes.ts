import type { Route } from "../http/route.ts";
import { cancelRoute } from "./cancel.ts";
import type { ApiContext } from "./context.ts";
import { createRunCreator } from "./create-run.ts";
import { createLiveRuns } from "./live-runs.ts";
import { modelsRoute } from "./models.ts";
import { restoreRoute } from "./restore.ts";
import { runRoutes } from "./runs.ts";
import { trainRoute } from "./train.ts";

/** The calls that answer with JSON. Those that create a run share one list of the runs there are. */
export function apiRoutes(context: ApiContext): readonly Route[] {
  const createRun = createRunCreator(context, createLiveRuns(context));
  return [
    trainRoute(context, createRun),
    modelsRoute(context),
    restoreRoute(context, createRun),
    ...runRoutes(context),
    cancelRoute(context),
  ];
}
