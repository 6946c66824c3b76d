import { Router } from "express";
import { z } from "zod";
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiResponsesObject } from "zod-openapi";

import { ProblemBody } from "../http/problem.ts";
import type { Answer, Route } from "../http/route.ts";
import { IdempotencyHeaders } from "./idempotency-key.ts";

/** `/openapi.json`, for everybody: it says what there is and nothing of what is in it. */
export function openApiRouter(routes: readonly Route[], version: string): Router {
  const document = describeApi(routes, version);
  const router = Router();
  router.get("/openapi.json", (_, response) => void response.json(document));
  return router;
}

/** OpenAPI 3.1 of the routes, from the schemas that check their requests. */
export function describeApi(routes: readonly Route[], version: string): object {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/gu, "{$1}");
    paths[path] = { ...paths[path], [route.method]: operationOf(route) };
  }
  return createDocument({
    openapi: "3.1.0",
    info: { title: "retrain-operator", version, description: about },
    security: [{ token: [] }],
    components: { securitySchemes: { token: { type: "http", scheme: "bearer", description: tokens } } },
    paths,
  });
}

const about =
  "Starts, shows and stops training runs. Who may do what is decided by the cluster's RBAC on retrainruns.";
const tokens = "kubectl create token ACCOUNT --audience AUDIENCE";

function operationOf(route: Route): ZodOpenApiOperationObject {
  const { query, params, body, describe } = route;
  const { summary, description } = describe;
  const headers = createsRun(route) ? { header: IdempotencyHeaders } : {};
  return {
    operationId: operationId(route),
    summary,
    ...(description === undefined ? {} : { description }),
    requestParams: { ...(query && { query }), ...(params && { path: params }), ...headers },
    ...(body && {
      requestBody: { required: isNeeded(body), content: { "application/json": { schema: body } } },
    }),
    responses: responsesOf(route),
  };
}

const createsRun = ({ path }: Route): boolean => /\/(?:train|restore)$/u.test(path);

/** Not where an empty object does as well. */
const isNeeded = (body: z.ZodType): boolean => !body.safeParse({}).success;

/** `POST /api/runs/:name/cancel` is postRunsNameCancel. */
const operationId = ({ method, path }: Route): string =>
  method +
  path
    .split(/\W+/u)
    .filter((word) => word !== "" && word !== "api")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");

/** What every call may answer beside its own. */
const common: Readonly<Record<number, Answer>> = {
  400: { description: "A field, parameter or header cannot be used; the detail names it" },
  401: {
    description: "No token, or one that is not good here",
    headers: { "WWW-Authenticate": "How to sign in" },
  },
  403: { description: "The cluster does not allow it; the detail names the right that is missing" },
  429: { description: "Too many requests", headers: { "Retry-After": "Seconds" } },
  503: { description: "The API server cannot be asked, or the runs have not been listed yet" },
};
const ofBodies: Readonly<Record<number, Answer>> = {
  413: { description: "The body is too large" },
  415: { description: "The body is not JSON by its media type" },
};

function responsesOf({ method, describe }: Route): ZodOpenApiResponsesObject {
  const answers = { ...common, ...(method === "post" ? ofBodies : {}), ...describe.responses };
  return Object.fromEntries(
    Object.entries(answers).map(([status, answer]) => [status, responseOf(Number(status), answer)]),
  );
}

const Problem = ProblemBody.meta({ id: "Problem" });

function responseOf(status: number, { description, content, headers = {} }: Answer) {
  return {
    description,
    headers: z.object(
      Object.fromEntries(
        Object.entries(headers).map(([name, text]) => [name, z.string().optional().describe(text)]),
      ),
    ),
    content: status >= 400 ? { "application/problem+json": { schema: Problem } } : contentOf(content),
  };
}

function contentOf(content: Answer["content"]) {
  if (content === undefined) return {};
  if (typeof content === "string") return { [content]: { schema: z.string() } };
  return { "application/json": { schema: content } };
}
