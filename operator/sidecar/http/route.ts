import type { IncomingHttpHeaders } from "node:http";

import type { Response } from "express";
import type { z } from "zod";

import type { Log } from "../../log.ts";
import type { Right, User } from "../identity/identity.ts";
import { parsed } from "./parse.ts";

/** One authenticated and authorised request. */
export interface Call<Body = unknown, Query = unknown, Params = unknown> {
  readonly user: User;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly headers: IncomingHttpHeaders;
  readonly requestId: string;
  readonly log: Log;
  /** Aborted when the client is gone or the server closes. */
  readonly signal: AbortSignal;
  /** Whether the user has this right too. */
  may(right: Right): Promise<boolean>;
  /** Throws the Problem 403 that names the right. */
  demand(right: Right): Promise<void>;
}

export interface Answer {
  readonly description: string;
  readonly content?: z.ZodType | "text/event-stream" | "text/plain" | "text/html";
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the API description says of a route, beside its schemas. */
export interface Description {
  readonly summary: string;
  readonly description?: string;
  readonly responses: Readonly<Record<number, Answer>>;
}

interface Common<Params> {
  readonly method: "get" | "post";
  /** As express writes it: `/api/runs/:name`. */
  readonly path: string;
  /** What is asked for before anything else of the request is read. */
  readonly right: (params: Params) => Right;
  readonly describe: Description;
}

/** A route that createApp() serves. Its schemas are for the API description; `handle` has parsed with them already. */
export interface Route extends Common<unknown> {
  readonly body?: z.ZodType;
  readonly query?: z.ZodObject;
  readonly params?: z.ZodObject;
  readonly handle: (call: Call, response: Response) => Promise<void>;
}

/** Whether its answer lasts as long as what it tells of. */
export const isStream = ({ describe }: Pick<Route, "describe">): boolean => {
  const content = describe.responses[200]?.content;
  return typeof content === "string" && content !== "text/html";
};

/** A route as it is written. Without a schema no body, query or parameter is taken. */
export interface RouteDefinition<
  Body extends z.ZodType,
  Query extends z.ZodObject,
  Params extends z.ZodObject,
> extends Common<z.output<Params>> {
  readonly body?: Body;
  readonly query?: Query;
  readonly params?: Params;
  readonly handle: (
    call: Call<z.output<Body>, z.output<Query>, z.output<Params>>,
    response: Response,
  ) => Promise<void>;
}

/** Makes a route: what `handle` and `right` get was parsed by the schemas, unknown fields refused. */
export function route<Body extends z.ZodType, Query extends z.ZodObject, Params extends z.ZodObject>(
  definition: RouteDefinition<Body, Query, Params>,
): Route {
  const { body, query, params, right, handle } = definition;
  return {
    ...definition,
    right: (found) => right(parsed(params, found, "path")),
    handle: (call, response) =>
      handle(
        {
          ...call,
          params: parsed(params, call.params, "path"),
          query: parsed(query, call.query, "query"),
          body: parsed(body, call.body, "body"),
        },
        response,
      ),
  };
}
