import { Router } from "express";

import { answerOf, type Check } from "../server.ts";
import { openApiRouter } from "./api/openapi.ts";
import type { SidecarConfig } from "./config.ts";
import { dashboardRouter } from "./dashboard/router.ts";
import type { Route } from "./http/route.ts";

interface OpenParts extends Pick<SidecarConfig, "version" | "audience" | "modelsDirectory"> {
  /** That the API description tells of. */
  readonly routes: readonly Route[];
  readonly ready: readonly Check[];
}

/** What everybody may see: nothing in it is about runs. */
export function openRouter({ version, audience, modelsDirectory, routes, ready }: OpenParts): Router {
  const hasReports = modelsDirectory !== undefined;
  const router = Router();
  router.get("/healthz", answerOf([]));
  router.get("/readyz", answerOf(ready));
  router.use(openApiRouter(routes, version), dashboardRouter({ version, audience, hasReports }));
  return router;
}
