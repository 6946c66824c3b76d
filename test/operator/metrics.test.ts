import { describe, expect, test } from "@jest/globals";

import { failureKinds } from "../../operator/failure-kind.ts";
import { createMetrics, type Metrics, type MetricSources } from "../../operator/metrics.ts";

const idle: MetricSources = { queue: () => ({ depth: 0, oldestSeconds: 0 }), leading: () => [] };
const create = (sources: Partial<MetricSources> = {}): Metrics =>
  createMetrics({ version: "1.2.3", revision: "abc" }, { ...idle, ...sources }, ["jobs", "pods"]);

interface Sample {
  readonly name: string;
  readonly labels: string;
  readonly value: number;
}

const line =
  /^(?<name>[a-z_][a-z0-9_]*)(\{(?<labels>[a-z_]+="[^"\n]*"(,[a-z_]+="[^"\n]*")*)\})? (?<value>\S+)$/u;

/** The text format of a scrape; throws on a line that is none. */
async function scrape({ registry }: Metrics): Promise<Sample[]> {
  const lines = (await registry.metrics()).split("\n").filter((text) => text !== "" && !text.startsWith("#"));
  return lines.map((text) => {
    const groups = line.exec(text)?.groups;
    if (groups === undefined) throw new Error(`No sample: ${text}`);
    return { name: groups["name"] ?? "", labels: groups["labels"] ?? "", value: Number(groups["value"]) };
  });
}

const valueOf = async (metrics: Metrics, name: string, labels = ""): Promise<number | undefined> =>
  (await scrape(metrics)).find((sample) => sample.name === name && sample.labels === labels)?.value;

describe("the metrics", () => {
  test("are text that parses, each with a help and a type", async () => {
    const metrics = create();
    const samples = await scrape(metrics);
    const numbers = samples.filter(({ name }) => name.startsWith("retrain"));
    expect(numbers.filter(({ value }) => Number.isNaN(value))).toEqual([]);
    const all = await metrics.registry.getMetricsAsJSON();
    expect(all.filter(({ help }) => help.length < 10)).toEqual([]);
    const own = all.map(({ name }) => name).filter((name) => name.startsWith("retrain"));
    expect(own.sort()).toEqual([
      "retrain_build_info",
      "retrain_operator_api_request_seconds",
      "retrain_operator_api_requests_total",
      "retrain_operator_events_dropped_total",
      "retrain_operator_leader",
      "retrain_operator_missed_events_total",
      "retrain_operator_queue_depth",
      "retrain_operator_queue_oldest_seconds",
      "retrain_operator_queue_seconds",
      "retrain_operator_reconcile_errors_total",
      "retrain_operator_reconcile_seconds",
      "retrain_operator_relists_total",
      "retrain_operator_skipped_objects_total",
      "retrain_operator_watch_restarts_total",
    ]);
  });

  test("have the process's too", async () => {
    const names = (await scrape(create())).map(({ name }) => name);
    for (const name of [
      "process_cpu_seconds_total",
      "process_start_time_seconds",
      "nodejs_eventloop_lag_p99_seconds",
    ]) {
      expect(names).toContain(name);
    }
  });

  test("say what is running", async () => {
    const labels = `version="1.2.3",revision="abc",node_version="${process.version}"`;
    expect(await valueOf(create(), "retrain_build_info", labels)).toBe(1);
  });
});

describe("counters", () => {
  test.each([
    ...failureKinds.map((kind) => ({
      name: "retrain_operator_reconcile_errors_total",
      labels: `kind="${kind}"`,
    })),
    { name: "retrain_operator_reconcile_seconds_count", labels: 'outcome="done"' },
    { name: "retrain_operator_reconcile_seconds_count", labels: 'outcome="failed"' },
    { name: "retrain_operator_watch_restarts_total", labels: 'resource="jobs"' },
    { name: "retrain_operator_relists_total", labels: 'resource="pods"' },
    { name: "retrain_operator_missed_events_total", labels: 'resource="jobs"' },
    { name: "retrain_operator_skipped_objects_total", labels: 'resource="jobs"' },
    { name: "retrain_operator_events_dropped_total", labels: "" },
    { name: "retrain_operator_queue_seconds_count", labels: "" },
  ])("start at 0: $name{$labels}", async ({ name, labels }) => {
    expect(await valueOf(create(), name, labels)).toBe(0);
  });
});

describe("gauges", () => {
  test("tell queue and leadership as they are at the scrape", async () => {
    const leading = new Map([["a", true]]);
    const queue = { depth: 0, oldestSeconds: 0 };
    const metrics = create({ queue: () => queue, leading: () => leading });
    expect(await valueOf(metrics, "retrain_operator_leader", 'namespace="a"')).toBe(1);
    leading.clear();
    leading.set("b", false);
    Object.assign(queue, { depth: 3, oldestSeconds: 1.5 });
    expect(await valueOf(metrics, "retrain_operator_leader", 'namespace="a"')).toBeUndefined();
    expect(await valueOf(metrics, "retrain_operator_leader", 'namespace="b"')).toBe(0);
    expect(await valueOf(metrics, "retrain_operator_queue_depth")).toBe(3);
    expect(await valueOf(metrics, "retrain_operator_queue_oldest_seconds")).toBe(1.5);
  });

  test("of two operators in one process are apart", async () => {
    const [one, other] = [create(), create()];
    one.relists.inc({ resource: "jobs" });
    expect(await valueOf(one, "retrain_operator_relists_total", 'resource="jobs"')).toBe(1);
    expect(await valueOf(other, "retrain_operator_relists_total", 'resource="jobs"')).toBe(0);
  });
});
