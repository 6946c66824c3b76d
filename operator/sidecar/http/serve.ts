import type { Request, RequestHandler } from "express";

import { forbidden } from "../identity/forbidden.ts";
import type { Identity, Right, User } from "../identity/identity.ts";
import { readBody } from "./body.ts";
import type { Exchange, Exchanges } from "./exchange.ts";
import type { TakeTurn } from "./rate-limit.ts";
import { isStream, type Call, type Route } from "./route.ts";
import type { Streams } from "./streams.ts";

export interface ServeParts {
  readonly identity: Identity;
  readonly exchanges: Exchanges;
  readonly takeTurn: TakeTurn;
  readonly streams: Streams;
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
    const user = await userOf(request, parts);
    exchange.user = user.name;
    await parts.takeTurn(request, response);
    const right = route.right(request.params);
    const rights = rightsOf(user, parts);
    await rights.demand(right);
    const body = route.method === "get" ? undefined : await readBody(request, response);
    const call = { ...callOf(request, exchange, parts), user, body, ...rights };
    if (!isStream(route)) {
      await route.handle(call, response);
      return;
    }
    const recheck = async (): Promise<void> => {
      await rightsOf(await userOf(request, parts), parts).demand(right);
    };
    const onLost = ({ message }: Error): void => {
      exchange.log.info("A stream ends: its reader may no longer have it", { user: user.name, why: message });
    };
    await parts.streams.whileAllowed({ user: user.name, recheck, onLost, signal: call.signal }, (signal) =>
      route.handle({ ...call, signal }, response),
    );
  };

const userOf = ({ headers, ip = "" }: Request, { identity }: ServeParts): Promise<User> =>
  identity.authenticate(headers, ip);

function rightsOf(user: User, { identity, namespace }: ServeParts): Pick<Call, "may" | "demand"> {
  const may = (right: Right): Promise<boolean> => identity.may(user, right);
  const demand = async (right: Right): Promise<void> => {
    if (!(await may(right))) throw forbidden(user, right, namespace);
  };
  return { may, demand };
}

function callOf(
  { params, query, headers, method }: Request,
  { id: requestId, log, gone }: Exchange,
  { closing }: ServeParts,
): Omit<Call, "user" | "body" | "may" | "demand"> {
  // HEAD asks for the head of what GET would answer: a stream has nothing to say after it.
  const signal = method === "HEAD" ? AbortSignal.abort() : AbortSignal.any([gone, closing]);
  return { params, query, headers, requestId, log, signal };
}
