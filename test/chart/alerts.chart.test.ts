import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

import { expect, test } from "@jest/globals";
import { parse } from "yaml";
import { z } from "zod";

import { findPrometheus, howToGetPrometheus } from "../../hack/prometheus.ts";
import { chart, find, render } from "./chart.ts";

const rulesFile = path.join(chart, "files", "alerts.yaml");
const cases = [
  "alerts-of-minutes.yaml",
  "alerts-of-hours.yaml",
  "alerts-of-verdicts.yaml",
  "alerts-of-months.yaml",
].map((name) => path.join(import.meta.dirname, name));

const Rules = z.object({
  groups: z.array(
    z.object({ rules: z.array(z.looseObject({ alert: z.string(), expr: z.string() })).min(1) }),
  ),
});
const Cases = z.looseObject({
  tests: z.array(
    z.looseObject({
      alert_rule_test: z.array(z.looseObject({ alertname: z.string(), exp_alerts: z.array(z.unknown()) })),
    }),
  ),
});

const rules = Rules.parse(parse(await readFile(rulesFile, "utf8"))).groups.flatMap((group) => group.rules);

async function promtool(...values: readonly string[]): Promise<string> {
  const programs = findPrometheus();
  if (programs === undefined) throw new Error(`Cannot test the alerts: ${howToGetPrometheus}`);
  return (await promisify(execFile)(programs.promtool, values)).stdout;
}

test("Prometheus can read the rules", async () => {
  expect(await promtool("check", "rules", rulesFile)).toContain(`${String(rules.length)} rules found`);
});

test.each(cases)(
  "the alerts fire and stay quiet as %s says",
  async (file) => {
    expect(await promtool("test", "rules", file)).toContain("SUCCESS");
  },
  60_000,
);

test("each alert has a case in which it fires and one in which nothing does", async () => {
  const parsed = await Promise.all(
    cases.map(async (file) => Cases.parse(parse(await readFile(file, "utf8")))),
  );
  const all = parsed.flatMap(({ tests }) => tests).flatMap((each) => each.alert_rule_test);
  const named = (fires: boolean) =>
    new Set(all.filter((each) => each.exp_alerts.length > 0 === fires).map((each) => each.alertname));
  const names = new Set(rules.map(({ alert }) => alert));
  expect(named(true)).toEqual(names);
  // Where several models stand side by side, the quiet ones are those that are not expected.
  const sideBySide = ["RetrainQualityRegression", "RetrainWorseThanNaive"];
  expect(new Set([...named(false), ...sideBySide])).toEqual(names);
});

test("alerts look at gauges, not at counters, which begin at 0 with each process", () => {
  expect(rules.map(({ expr }) => expr).join("\n")).not.toMatch(
    /_total|_bucket|_count|_sum|rate\(|increase\(/u,
  );
});

test("what the chart installs is what promtool has read", async () => {
  const rule = find(await render("alerts.enabled=true", 'alerts.labels={"team":"bikes"}'), "PrometheusRule");
  expect(rule["spec"]).toEqual(parse(await readFile(rulesFile, "utf8")));
  expect(rule.metadata.labels).toMatchObject({ team: "bikes" });
});
