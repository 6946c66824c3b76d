import { z } from "zod";

import { callersToken } from "./api/caller.ts";
import type { Load, LoadPlan } from "./api/load.ts";
import { residentDuring, type Resident } from "./api/resident.ts";
import { runLoad } from "./api/run-load.ts";
import { fill } from "./cluster/fill.ts";
import type { Inspected } from "./cluster/inspector.ts";
import { launch, portIn, type Launched } from "./cluster/launched.ts";
import { openPlane } from "./cluster/plane.ts";
import { configurationOf, modelsOf } from "./cluster/population.ts";
import { count, optionsOf } from "./options.ts";
import type { Program, Say } from "./program.ts";
import type { Measured, Measurement } from "./report.ts";

const runsOfAModel = 10;
const Size = z.object({
  runs: count(runsOfAModel),
  rate: count(1),
  seconds: count(2),
  warm: count(1),
  connections: count(1),
  node: z.string(),
});

/** Readers of the list of runs, at a rate that does not wait for the answers. */
export const api: Program = {
  summary: "GET /api/runs at a steady rate, each request with a token that Kubernetes has to know",
  takes: "3 minutes; Kubernetes' own programs, Linux",
  options: {
    runs: { default: "1000", meaning: "RetrainRuns that there are" },
    rate: { default: "500", meaning: "requests a second" },
    seconds: { default: "60", meaning: "that are measured" },
    warm: { default: "15", meaning: "seconds of the same before" },
    connections: { default: "64", meaning: "open at the same time at most" },
    node: { default: "", meaning: "options of the sidecar's Node.js, such as --cpu-prof" },
  },
  measure,
};

async function measure(values: unknown, say: Say): Promise<Measured> {
  const size = optionsOf(Size, values);
  const models = modelsOf({ models: Math.ceil(size.runs / runsOfAModel), runs: runsOfAModel, starting: 0 });
  const configuration = configurationOf(models);
  await using plane = await openPlane(say);
  await fill(plane, models, configuration, say);
  const token = await callersToken(plane);

  await using sidecar = await launch(plane, {
    program: "operator/sidecar/main.ts",
    configuration,
    // So often that nobody is told to wait.
    env: { METRICS_PORT: "0", RATE_PER_MINUTE: String(60 * size.rate * 2) },
    metricsPort: "metricsPort",
    nodeOptions: size.node.split(" ").filter((word) => word !== ""),
  });
  await sidecar.until(() => sidecar.log.find(({ message }) => message === "The runs have been listed"));
  const port = await sidecar.until(() => portIn(sidecar.log, "port"));
  const { rate: perSecond, connections } = size;
  const origin = `http://127.0.0.1:${String(port)}`;
  const plan = { origin, path: "/api/runs", token, perSecond, connections };

  say(`Warming up for ${String(size.warm)} s, then measuring for ${String(size.seconds)} s`);
  await runLoad({ ...plan, seconds: size.warm });
  return { measurements: await underLoad(sidecar, { ...plan, seconds: size.seconds }) };
}

async function underLoad(sidecar: Launched, plan: LoadPlan): Promise<readonly Measurement[]> {
  const before = await sidecar.inspect();
  const { result, resident } = await residentDuring(sidecar.pid, runLoad(plan));
  const after = await sidecar.inspect();
  return [...ofAnswers(result, plan), ...ofMemory(before, after, resident)];
}

function ofAnswers({ latency, lateness, answers, ...load }: Load, plan: LoadPlan): Measurement[] {
  const all = Object.values(answers).reduce((sum, number) => sum + number, 0);
  return [
    { name: "requests asked for", unit: "a second", ours: plan.perSecond },
    { name: "requests answered", unit: "a second", ours: load.answeredPerSecond },
    { name: "size of an answer", unit: "kB", ours: load.bytes / all / 1e3 },
    { name: "answers other than 200", unit: "", ours: all - (answers["200"] ?? 0), bar: { atMost: 0 } },
    { name: "GET /api/runs, latency p50", unit: "ms", ours: latency.p50 },
    { name: "GET /api/runs, latency p99", unit: "ms", ours: latency.p99, bar: { atMost: 25 } },
    { name: "GET /api/runs, latency p99.9", unit: "ms", ours: latency.p999 },
    { name: "GET /api/runs, longest latency", unit: "ms", ours: latency.max },
    { name: "of it: sent too late, p50", unit: "ms", ours: lateness.p50 },
    { name: "of it: sent too late, p99", unit: "ms", ours: lateness.p99 },
  ];
}

const ofMemory = (before: Inspected, after: Inspected, resident: Resident): Measurement[] => [
  { name: "heap of the sidecar before", unit: "MB", ours: before.heapBytes / 1e6 },
  { name: "heap of the sidecar after", unit: "MB", ours: after.heapBytes / 1e6 },
  {
    name: "growth of the heap",
    unit: "times",
    ours: after.heapBytes / before.heapBytes,
    bar: { atMost: 1.1 },
  },
  { name: "resident memory before", unit: "MB", ours: before.residentBytes / 1e6 },
  { name: "resident memory after", unit: "MB", ours: after.residentBytes / 1e6 },
  { name: "peak resident memory under load", unit: "MB", ours: resident.peakBytes / 1e6 },
  { name: "growth of resident memory under load", unit: "MB a minute", ours: resident.bytesPerMinute / 1e6 },
  { name: "CPU time of the sidecar under load", unit: "s", ours: after.cpuSeconds - before.cpuSeconds },
];
