import type { Request, RequestHandler } from "express";

import { forbidden } from "../identity/forbidden.ts";
import type { Identity, Right, User } from "../identity/identity.ts";
import { readBody } from "./body.ts";
import type { Exchange, Exchanges } from "./exchange.ts";
import type { TakeTurn } from "./rate-limit.ts";
import type { Call, Route } from "./route.ts";

export interface ServeParts {
  readonly identity: Identity;
  readonly exchanges: Exchanges;
  readonly takeTurn: TakeTurn;
  /** Whose rights are asked for. */
  readonly namespace: string;
  /** Aborted when the server closes. */
  readonly closing: AbortSignal;
}

/** Carries a route out: who asks, whether it is their turn and their right, and only then what they send. */
export const serve =
  (route: Route, parts: ServeParts): RequestHandler =>
  async (request, response) => {
    const exchange = parts.exchanges.of(request);
    const user = await parts.identity.authenticate(request.headers);
    exchange.user = user.name;
    await parts.takeTurn(request, response);
    const rights = rightsOf(user, parts);
    await rights.demand(route.right(request.params));
    const body = route.method === "get" ? undefined : await readBody(request, response);
    await route.handle({ ...callOf(request, exchange, parts), user, body, ...rights }, response);
  };

function rightsOf(user: User, { identity, namespace }: ServeParts): Pick<Call, "may" | "demand"> {
  const may = (right: Right): Promise<boolean> => identity.may(user, right);
  const demand = async (right: Right): Promise<void> => {
    if (!(await may(right))) throw forbidden(user, right, namespace);
  };
  return { may, demand };
}

function callOf(
  { params, query, headers }: Request,
  { id: requestId, log, gone }: Exchange,
  { closing }: ServeParts,
): Omit<Call, "user" | "body" | "may" | "demand"> {
  return { params, query, headers, requestId, log, signal: AbortSignal.any([gone, closing]) };
}
