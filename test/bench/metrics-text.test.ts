import { expect, test } from "@jest/globals";
import { Counter, Registry } from "prom-client";

import { samplesOf, sumOf } from "../../bench/cluster/metrics-text.ts";

const page = async (): Promise<string> => {
  const registry = new Registry();
  const calls = new Counter({
    name: "calls_total",
    help: "Calls",
    labelNames: ["verb", "code"],
    registers: [registry],
  });
  calls.inc({ verb: "list", code: "200" }, 21);
  calls.inc({ verb: "list", code: "410" }, 2);
  calls.inc({ verb: 'a "quoted", text', code: "200" });
  new Counter({ name: "calls_total_of_others", help: "Others", registers: [registry] }).inc(1.5e9);
  return registry.metrics();
};

test("the samples are those that prom-client has written", async () => {
  const samples = samplesOf(await page());
  expect(samples).toEqual([
    { name: "calls_total", labels: { verb: "list", code: "200" }, value: 21 },
    { name: "calls_total", labels: { verb: "list", code: "410" }, value: 2 },
    { name: "calls_total", labels: { verb: String.raw`a \"quoted\", text`, code: "200" }, value: 1 },
    { name: "calls_total_of_others", labels: {}, value: 1.5e9 },
  ]);
});

test("a sum takes the samples of that very name that have all the labels", async () => {
  const samples = samplesOf(await page());
  expect(sumOf(samples, "calls_total")).toBe(24);
  expect(sumOf(samples, "calls_total", { verb: "list" })).toBe(23);
  expect(sumOf(samples, "calls_total", { verb: "list", code: "410" })).toBe(2);
  expect(sumOf(samples, "calls_total", { verb: "watch" })).toBe(0);
});
