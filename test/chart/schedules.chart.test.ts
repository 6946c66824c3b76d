import { expect, test } from "@jest/globals";

import { readCreateRunConfig } from "../../operator/create-run/config.ts";
import { configurationText, find, render, type Rendered } from "./chart.ts";
import { containerOf, environmentOf, podOf } from "./pods.ts";

const schedules = (objects: readonly Rendered[]): Rendered[] =>
  objects.filter(({ kind }) => kind === "CronJob");
const standard = await render();

test("one model: on day 1 at 2, by the clock of Paris, never two at once, caught up within two weeks", () => {
  const job = find(standard, "CronJob");
  expect(job.metadata.name).toBe("monthly-retrain-operator-bike-traffic");
  expect(job["spec"]).toMatchObject({
    schedule: "0 2 1 * *",
    timeZone: "Europe/Paris",
    suspend: false,
    concurrencyPolicy: "Forbid",
    startingDeadlineSeconds: 1_209_600,
    jobTemplate: { spec: { backoffLimit: 6, template: { spec: { restartPolicy: "Never" } } } },
  });
});

test("it runs create-run in the operator's image, as its own account, and says for whom", () => {
  const pod = podOf(find(standard, "CronJob"));
  const container = containerOf(pod, "create-run");
  expect(container.image).toBe("retrain-operator:0.1.0");
  expect(container.command).toEqual(["node", "/app/operator/create-run/main.ts"]);
  expect(pod.spec.serviceAccountName).toBe("monthly-retrain-operator-create-run");
  const job = "metadata.labels['batch.kubernetes.io/job-name']";
  const environment = environmentOf(container, { "metadata.namespace": "bikes", [job]: "monthly-29" });
  expect(readCreateRunConfig(environment, () => configurationText(standard))).toMatchObject({
    namespace: "bikes",
    model: "bike-traffic",
    timeZone: "Europe/Paris",
    jobName: "monthly-29",
  });
});

test("the operator does not take its Pod for a trainer's", () => {
  const { labels } = podOf(find(standard, "CronJob")).metadata;
  expect(Object.keys(labels)).not.toContain("retrain.velo/model");
});

test("several models are several CronJobs; one without a schedule has none", async () => {
  const models = [
    { name: "bikes", schedule: "0 2 1 * *", timeZone: "Europe/Paris" },
    { name: "trams", schedule: "@monthly", timeZone: "UTC", suspend: true },
    { name: "by-hand" },
  ];
  const jobs = schedules(await render(`models=${JSON.stringify(models)}`));
  expect(jobs.map(({ metadata }) => metadata.labels["retrain.velo/model"])).toEqual(["bikes", "trams"]);
  expect(jobs.map((job) => job["spec"])).toMatchObject([
    { suspend: false },
    { suspend: true, schedule: "@monthly", timeZone: "UTC" },
  ]);
});

test("names are at most 52 characters and stay different", async () => {
  const models = ["a", "b"].map((end) => ({
    name: `${"m".repeat(39)}${end}`,
    schedule: "0 2 1 * *",
    timeZone: "UTC",
  }));
  const objects = await render(`models=${JSON.stringify(models)}`, `fullnameOverride="${"f".repeat(40)}"`);
  const names = schedules(objects).map(({ metadata }) => metadata.name);
  expect(new Set(names).size).toBe(2);
  expect(names.map((name) => name.length)).toEqual([52, 52]);
});
