import { once } from "node:events";
import type { AddressInfo } from "node:net";

import express, { type ErrorRequestHandler, type Express } from "express";
import type { z } from "zod";

import { Configuration } from "../../../../contract/configuration.ts";
import { createKube } from "../../../../operator/kube/client.ts";
import { loadConnection } from "../../../../operator/kube/connection.ts";
import type { Log } from "../../../../operator/log.ts";
import { apiRoutes } from "../../../../operator/sidecar/api/routes.ts";
import { Problem, problem } from "../../../../operator/sidecar/http/problem.ts";
import type { Route } from "../../../../operator/sidecar/http/route.ts";
import type { Right } from "../../../../operator/sidecar/identity/identity.ts";
import { createRuns } from "../../../../operator/sidecar/runs/runs.ts";
import { startWithRetrainRuns } from "../../../crds/retrain-runs.ts";
import type { TestControlPlane } from "../../../support/control-plane.ts";
import { grantSidecar, grantUser } from "../../../support/sidecar-rights.ts";
import { startSidecar, whenReady } from "../../../support/sidecar-process.ts";
import { openPlace, type Place } from "../../place.ts";
import { clientOf, type ApiClient } from "./api-client.ts";

/**
 * The API's routes on a real API server. Who asks is believed: identity is a fake here, whose users may do everything but what
 * `may` refuses.
 */
export interface ApiServer extends ApiClient, AsyncDisposable {}

export interface ApiScene extends AsyncDisposable {
  readonly plane: TestControlPlane;
  place(namespace: string): Promise<Place>;
  /** A server with a connection and a watch of its own; its memory is as empty as after a restart. */
  serve(namespace: string, options?: ServeOptions): Promise<ApiServer>;
  /** A sidecar as a process, with a sidecar's rights; it is asked by the namespace's one user, who may do everything with runs. */
  sidecar(namespace: string): Promise<ApiServer>;
}

export interface ServeOptions {
  readonly configuration?: z.input<typeof Configuration>;
  readonly may?: (right: Right) => boolean;
}

export async function startApiScene(): Promise<ApiScene> {
  const stack = new AsyncDisposableStack();
  const { plane } = stack.use(await startWithRetrainRuns());
  let accounts = 0;
  const tokens = new Map<string, Promise<string>>();
  const userOf = (namespace: string): Promise<string> => {
    const token = tokens.get(namespace) ?? grantUser(plane, { namespace, name: "user" }, "edit");
    tokens.set(namespace, token);
    return token;
  };
  return {
    plane,
    place: async (namespace) => {
      const body = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
      const { status, message } = await plane.ask("/api/v1/namespaces", { method: "POST", body });
      if (status !== 201 && status !== 409) throw new Error(message);
      return openPlace(plane, namespace);
    },
    serve: (namespace, options = {}) => serveInProcess(plane, namespace, options),
    sidecar: async (namespace) => {
      const name = `account-${String(accounts++)}`;
      const token = await userOf(namespace);
      const sidecar = await startSidecar(await grantSidecar(plane, { namespace, name }), { namespace });
      await whenReady(sidecar);
      const client = clientOf(sidecar.url, () => ({ authorization: `Bearer ${token}` }));
      return { ...client, [Symbol.asyncDispose]: () => sidecar[Symbol.asyncDispose]() };
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function serveInProcess(plane: TestControlPlane, namespace: string, options: ServeOptions) {
  const stack = new AsyncDisposableStack();
  const connection = stack.use(await loadConnection({ kind: "explicit", access: plane }));
  const kube = createKube(connection, { random: Math.random });
  const configuration = Configuration.parse(options.configuration ?? {});
  const onNews = () => undefined;
  const runs = createRuns({ kube, namespace, configuration, relistSeconds: 600, onNews });
  const ending = new AbortController();
  const watching = runs.run(ending.signal);
  stack.defer(() => watching);
  stack.defer(() => {
    ending.abort();
  });
  await runs.synced;
  const routes = apiRoutes({ runs, kube, namespace, configuration, now: () => new Date() });
  const server = stack.use(await listen(appOf(routes, options)));
  return { ...server, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

function appOf(routes: readonly Route[], { may = () => true }: ServeOptions): Express {
  const app = express();
  app.use(express.json());
  for (const route of routes) {
    app[route.method](route.path, async ({ params, query, body, headers }, response) => {
      const demand = (right: Right): Promise<void> =>
        may(right) ? Promise.resolve() : Promise.reject(problem(403, "forbidden", "no"));
      await demand(route.right(params));
      const user = { name: headers["x-user"]?.toString() ?? "anna", uid: "1", groups: [], extra: {} };
      const about = { requestId: "1", log: silent, signal: new AbortController().signal };
      const rights = { demand, may: (right: Right) => Promise.resolve(may(right)) };
      await route.handle(
        { user, params, query, body: body as unknown, headers, ...about, ...rights },
        response,
      );
    });
  }
  return app.use(answerProblem);
}

const answerProblem: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (!(error instanceof Problem)) next(error);
  else response.status(error.status).set(error.headers).json(error.body("1"));
};

const nothing = (): void => undefined;
const silent: Log = { error: nothing, warn: nothing, info: nothing, debug: nothing, child: () => silent };

async function listen(app: Express): Promise<ApiServer> {
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const client = clientOf(`http://127.0.0.1:${String(port)}`, (user) => ({ "x-user": user }));
  return {
    ...client,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
