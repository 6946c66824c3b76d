import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { Configuration } from "../../../../contract/configuration.ts";
import { createLog } from "../../../../operator/log.ts";
import { dashboardRouter } from "../../../../operator/sidecar/dashboard/router.ts";
import { createApp } from "../../../../operator/sidecar/http/app.ts";
import { problem } from "../../../../operator/sidecar/http/problem.ts";
import type { Identity } from "../../../../operator/sidecar/identity/identity.ts";
import type { WatchedRun } from "../../../../operator/sidecar/runs/runs.ts";
import { RunIndex } from "../../../../operator/sidecar/runs/run-index.ts";
import { fakeRoutes } from "./fake-routes.ts";

export const [editorsToken, viewersToken, strangersToken] = [
  "token-of-anna",
  "token-of-vera",
  "token-of-nobody",
];

export interface FakeSidecar extends AsyncDisposable {
  readonly url: string;
  /** What was asked of it with POST, newest last. */
  readonly orders: readonly unknown[];
  /** Puts the run in the place of that with its uid; whoever follows it hears of it. */
  put(run: WatchedRun): void;
  /** From now on the tokens are no longer good. */
  expire(): void;
}

/**
 * The page on the sidecar's own HTTP layer and views, with a list of runs in the place of a cluster: any state that a
 * run can be in is there at once.
 */
export async function startFakeSidecar(
  runs: readonly WatchedRun[],
  configuration: Configuration = Configuration.parse({}),
): Promise<FakeSidecar> {
  const index = new RunIndex<WatchedRun>();
  const listeners = new Set<() => void>();
  const put = (run: WatchedRun): void => {
    const before = [...index.all()].find(({ uid }) => uid === run.uid);
    index.change(before, run);
    for (const listener of listeners) listener();
  };
  runs.forEach(put);
  const orders: unknown[] = [];
  const tokens = { areGood: true };
  const closing = new AbortController();
  const app = createApp({
    routes: fakeRoutes({ index, configuration, orders, put, listeners }),
    open: dashboardRouter({ version: "1.2.3" }),
    identity: identityOf(tokens),
    namespace: "city",
    ratePerMinute: 10_000,
    log: createLog("error"),
    onRequest: () => undefined,
    closing: closing.signal,
  });
  const server = createServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    orders,
    put,
    expire: () => (tokens.areGood = false),
    [Symbol.asyncDispose]: async () => {
      closing.abort();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const rights: Readonly<Record<string, readonly string[]>> = {
  [`Bearer ${editorsToken}`]: ["get", "list", "create", "patch"],
  [`Bearer ${viewersToken}`]: ["get", "list"],
  [`Bearer ${strangersToken}`]: [],
};

const identityOf = (tokens: { readonly areGood: boolean }): Identity => ({
  authenticate: ({ authorization = "" }) => {
    if (!tokens.areGood || rights[authorization] === undefined) {
      throw problem(401, "unauthenticated", "The token is not valid or has expired");
    }
    return Promise.resolve({ name: authorization, uid: "", groups: [], extra: {} });
  },
  may: ({ name }, right) => Promise.resolve("verb" in right && (rights[name] ?? []).includes(right.verb)),
});
