import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { setTimeout } from "node:timers/promises";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { z } from "zod";

import { chart, find, render } from "./chart.ts";
import { metricsInUse } from "./model-in-use.ts";
import { startPrometheus, type PrometheusServer } from "./prometheus-server.ts";

const file = path.join(chart, "files", "dashboard.json");
const Box = z.object({ x: z.int(), y: z.int(), w: z.int(), h: z.int() });
const Dashboard = z.object({
  panels: z.array(
    z.object({
      id: z.int(),
      title: z.string().min(1),
      gridPos: Box,
      targets: z.array(z.object({ expr: z.string() })).min(1),
    }),
  ),
  templating: z.object({ list: z.array(z.object({ name: z.string() })) }),
});
const dashboard = Dashboard.parse(JSON.parse(await readFile(file, "utf8")));
const queries = dashboard.panels.flatMap(({ title, targets }) =>
  targets.map(({ expr }) => [title, expr] as const),
);

/** As Grafana does it with "All" chosen. */
const filledIn = (expression: string): string =>
  expression.replaceAll("$namespace", ".*").replaceAll("$model", ".*").replaceAll("$__rate_interval", "1m");

const stack = new AsyncDisposableStack();
let prometheus: PrometheusServer;

beforeAll(async () => {
  const { registry } = metricsInUse();
  const sidecar = createServer((_request, response) => {
    void registry
      .metrics()
      .then((text) => response.setHeader("content-type", registry.contentType).end(text));
  });
  stack.defer(() => void sidecar.close());
  sidecar.listen(0, "127.0.0.1");
  await once(sidecar, "listening");
  const { port } = z.object({ port: z.int() }).parse(sidecar.address());
  prometheus = stack.use(await startPrometheus(`127.0.0.1:${String(port)}`, "bikes"));
  // A rate needs two samples.
  while ((await prometheus.query("count_over_time(retrain_build_info[1m]) >= 2")).length === 0) {
    await setTimeout(200);
  }
}, 60_000);
afterAll(() => stack.disposeAsync());

test.each(queries)("%s: there is something to show", async (_title, expression) => {
  expect(await prometheus.query(filledIn(expression))).not.toHaveLength(0);
});

test("a metric that there is not has nothing to show", async () => {
  expect(await prometheus.query("retrain_nothing")).toHaveLength(0);
});

test("every metric of the sidecar about models has its place", async () => {
  const metrics = (await metricsInUse().registry.getMetricsAsJSON()).map(({ name }) => name);
  const ours = metrics.filter((name) => /^(retrain|training)_/u.test(name));
  const shown = queries.map(([, expression]) => expression).join("\n");
  expect(ours.filter((name) => !shown.includes(name))).toEqual([]);
});

test("a query reads only variables that the dashboard has", () => {
  const known = new Set([...dashboard.templating.list.map(({ name }) => name), "__rate_interval"]);
  const read = queries.flatMap(([, expression]) =>
    [...expression.matchAll(/\$(\w+)/gu)].map(([, name]) => name),
  );
  expect(read.filter((name) => !known.has(name ?? ""))).toEqual([]);
});

test("no two panels lie on each other, none is outside", () => {
  const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from(
      { length: w * h },
      (_, cell) => `${String(x + (cell % w))},${String(y + Math.floor(cell / w))}`,
    ),
  );
  expect(new Set(cells).size).toBe(cells.length);
  expect(dashboard.panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([]);
});

test("the chart's ConfigMap holds the file", async () => {
  const map = find(await render("dashboard.enabled=true"), "ConfigMap", "-dashboard");
  expect(map["data"]).toEqual({ "retrain-operator.json": await readFile(file, "utf8") });
});
