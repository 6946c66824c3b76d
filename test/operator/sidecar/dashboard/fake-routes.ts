import { z } from "zod";

import type { Configuration } from "../../../../contract/configuration.ts";
import { TrainRequest } from "../../../../operator/sidecar/api/bodies.ts";
import { problem } from "../../../../operator/sidecar/http/problem.ts";
import { route, type Route } from "../../../../operator/sidecar/http/route.ts";
import { modelViews } from "../../../../operator/sidecar/runs/models.ts";
import type { RunIndex } from "../../../../operator/sidecar/runs/run-index.ts";
import type { WatchedRun } from "../../../../operator/sidecar/runs/runs.ts";
import { runSummary, runView } from "../../../../operator/sidecar/runs/view.ts";
import { endEvent, runEvent } from "../../../../operator/sidecar/streams/server-sent.ts";
import { runSeen } from "../../../support/seen.ts";

export interface FakeParts {
  readonly index: RunIndex<WatchedRun>;
  readonly configuration: Configuration;
  readonly orders: unknown[];
  readonly put: (run: WatchedRun) => void;
  readonly listeners: Set<() => void>;
}

const describe = { summary: "", responses: {} };
const params = z.object({ name: z.string() });
const resource = "retrainruns";

/** The API as far as the page uses it. It keeps what it is told to do, and does it to a list. */
export function fakeRoutes(parts: FakeParts): readonly Route[] {
  return [modelsRoute(parts), ...runsRoutes(parts), trainRoute(parts), cancelRoute(parts), ...streams(parts)];
}

const modelsRoute = ({ index, configuration }: FakeParts): Route =>
  route({
    ...{ method: "get", path: "/api/models", describe, right: () => ({ verb: "list", resource }) },
    handle: async (_, response) => {
      await Promise.resolve();
      response.json({ models: modelViews(index, configuration, new Date()) });
    },
  });

const runsRoutes = ({ index }: FakeParts): readonly Route[] => [
  route({
    ...{ method: "get", path: "/api/runs", describe, right: () => ({ verb: "list", resource }) },
    query: z.object({ model: z.string().optional(), limit: z.coerce.number() }),
    handle: async ({ query: { model, limit } }, response) => {
      await Promise.resolve();
      const runs = [...(model === undefined ? index.all() : index.ofModel(model))];
      response.json({ runs: runs.slice(0, limit).map(runSummary) });
    },
  }),
  route({
    ...{ method: "get", path: "/api/runs/:name", describe, right: () => ({ verb: "get", resource }) },
    params,
    handle: async (call, response) => {
      await Promise.resolve();
      response.json(runView(known(index, call.params.name)));
    },
  }),
];

function trainRoute({ index, orders, put }: FakeParts): Route {
  return route({
    ...{ method: "post", path: "/api/train", describe, right: () => ({ verb: "create", resource }) },
    body: TrainRequest,
    handle: async ({ body, headers }, response) => {
      await Promise.resolve();
      orders.push({ ...body, key: headers["idempotency-key"] });
      const model = body.model ?? "";
      const active = index.ofModel(model).find(({ status }) => status.verdict === undefined);
      if (active !== undefined) {
        throw problem(409, "run-active", `The run ${active.name} is active`, { run: active.name });
      }
      const run = runSeen({ name: `${model}-api-1`, model, spec: { trigger: "Api" }, createdAt: new Date() });
      put(run);
      response.status(202).json({ status: "training_started", message: "", run: runView(run) });
    },
  });
}

function cancelRoute({ index, orders, put }: FakeParts): Route {
  return route({
    ...{ method: "post", path: "/api/runs/:name/cancel", describe },
    right: ({ name }) => ({ verb: "patch", resource, name }),
    params,
    handle: async (call, response) => {
      await Promise.resolve();
      const run = known(index, call.params.name);
      orders.push({ cancel: run.name });
      put({ ...run, spec: { ...run.spec, cancel: true }, resourceVersion: "9" });
      response.status(202).json({});
    },
  });
}

const streams = ({ index, listeners }: FakeParts): readonly Route[] => [
  route({
    ...{ method: "get", path: "/api/runs/:name/events", describe, right: () => ({ verb: "get", resource }) },
    params,
    handle: async ({ params: { name }, signal }, response) => {
      response.type("text/event-stream");
      const tell = (): void => {
        const run = known(index, name);
        response.write(runEvent(run.resourceVersion, runView(run)));
        if (run.status.verdict !== undefined) response.end(endEvent("finished"));
      };
      listeners.add(tell);
      signal.addEventListener("abort", () => listeners.delete(tell));
      tell();
      await Promise.resolve();
    },
  }),
  route({
    ...{ method: "get", path: "/api/runs/:name/logs", describe },
    right: () => ({ verb: "get", resource: "pods", subresource: "log" }),
    params,
    handle: async (_, response) => {
      await Promise.resolve();
      response.type("text/plain").send('{"level":"info","message":"The run has started"}\n');
    },
  }),
];

function known(index: RunIndex<WatchedRun>, name: string): WatchedRun {
  const run = index.byName(name);
  if (run === undefined) throw problem(404, "no-such-run", `There is no run ${name}`);
  return run;
}
