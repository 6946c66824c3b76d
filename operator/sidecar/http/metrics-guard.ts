import { randomUUID } from "node:crypto";

import type { RequestHandler } from "express";

import { forbidden } from "../identity/forbidden.ts";
import type { Identity, Right } from "../identity/identity.ts";
import { send } from "./failed.ts";
import { Problem } from "./problem.ts";

const right: Right = { nonResourcePath: "/metrics" };

/** Lets only those pass who have a token for the API and may get the path /metrics. */
export const metricsGuard =
  (identity: Identity, namespace: string): RequestHandler =>
  async (request, response, next) => {
    try {
      const user = await identity.authenticate(request.headers, request.ip ?? "");
      if (!(await identity.may(user, right))) throw forbidden(user, right, namespace);
      next();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      send(response, error, randomUUID());
    }
  };
