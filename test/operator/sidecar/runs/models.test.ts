import { describe, expect, it } from "@jest/globals";
import type { z } from "zod";

import { Configuration } from "../../../../contract/configuration.ts";
import { ModelView } from "../../../../operator/sidecar/api/schemas.ts";
import { modelViews } from "../../../../operator/sidecar/runs/models.ts";
import { newestFirst } from "../../../../operator/sidecar/runs/newest-first.ts";
import type { WatchedRun } from "../../../../operator/sidecar/runs/runs.ts";
import { nextRunTime } from "../../../../operator/sidecar/runs/schedule.ts";
import { runSeen, secondsLater } from "../../../support/seen.ts";

const now = new Date("2026-12-10T12:00:00Z");

function views(runs: readonly WatchedRun[], configuration: z.input<typeof Configuration> = {}) {
  const order = [...runs].sort(newestFirst);
  const ofModel = (model: string) => order.filter((run) => run.model === model);
  const models = modelViews({ all: () => order, ofModel }, Configuration.parse(configuration), now);
  for (const view of models) expect(ModelView.strict().parse(view)).toEqual(view);
  return models;
}
const view = (runs: readonly WatchedRun[]) => views(runs)[0];

const ended = (name: string, hour: number, status: WatchedRun["status"]): WatchedRun =>
  runSeen({
    name,
    createdAt: secondsLater(hour * 3600),
    status: { completionTime: secondsLater(hour * 3600 + 60).toISOString(), ...status },
  });
const published = (name: string, hour: number, version: string): WatchedRun =>
  ended(name, hour, {
    verdict: "Published",
    version,
    data: { rows: 10, stations: 2, dataThrough: "2026-11-30" },
    metrics: { mae: "9", naiveMae: "12" },
  });
const restored = (name: string, hour: number, version: string, hold?: boolean): WatchedRun => ({
  ...ended(name, hour, { verdict: "Restored", version }),
  spec: { restore: { version, reason: "bad month", ...(hold === undefined ? {} : { hold }) } },
});

describe("the current version of a model", () => {
  it("is unknown without runs", () => {
    expect(view([])).toEqual({
      model: "bike-traffic",
      configured: true,
      isDefault: true,
      suspended: false,
      queued: 0,
    });
  });

  it("is what the run has published that ended last, whatever has failed since", () => {
    const runs = [
      published("old", 1, "v1"),
      published("new", 2, "v2"),
      ended("rejected", 3, { verdict: "Rejected" }),
    ];
    expect(view(runs)?.current).toEqual({
      version: "v2",
      since: "2026-12-01T04:01:00Z",
      run: "new",
      restored: false,
      dataThrough: "2026-11-30",
      metrics: { mae: 9, naiveMae: 12 },
      improvementPercent: 25,
    });
    expect(view(runs)?.last?.name).toBe("rejected");
  });

  it("is the restored one, judged as it was when it was published, and held", () => {
    const runs = [published("old", 1, "v1"), published("new", 2, "v2"), restored("back", 3, "v1")];
    expect(view(runs)?.current).toMatchObject({
      version: "v1",
      run: "back",
      restored: true,
      improvementPercent: 25,
    });
    expect(view(runs)?.hold).toEqual({ run: "back", version: "v1", reason: "bad month" });
  });

  it("has no numbers when the run that published it has been removed", () => {
    const current = view([restored("back", 3, "v1")])?.current;
    expect(current).not.toHaveProperty("metrics");
    expect(current).toMatchObject({ version: "v1" });
  });

  it.each([
    ["the restore wanted none", [restored("back", 3, "v1", false)]],
    ["a run has published since", [restored("back", 3, "v1"), published("new", 4, "v2")]],
  ])("is not held when %s", (_, runs) => {
    expect(view(runs)).not.toHaveProperty("hold");
  });
});

describe("what a model is doing", () => {
  it("names the run that has a Job, and counts those behind it", () => {
    const attempts = [{ job: "rr-1", startedAt: "2026-12-01T04:00:00Z" }];
    const runs = [
      runSeen({ name: "first" }),
      runSeen({ name: "begun", createdAt: secondsLater(9), status: { attempts } }),
      runSeen({ name: "held", spec: { suspend: true } }),
    ];
    expect(view(runs)).toMatchObject({ active: { name: "begun" }, queued: 1 });
  });
});

describe("the list of models", () => {
  it("has the configured ones first, and those that only runs know", () => {
    const runs = [runSeen({ name: "x", model: "boats" })];
    const models = views(runs, { model: "bikes", models: { trams: {}, bikes: {} } });
    expect(models.map(({ model, configured, isDefault }) => [model, configured, isDefault])).toEqual([
      ["bikes", true, true],
      ["trams", true, false],
      ["boats", false, false],
    ]);
  });

  it("tells when the schedule is due, unless it is suspended", () => {
    const schedule = "0 2 1 * *";
    const [bikes, trams] = views([], { models: { bikes: { schedule }, trams: { schedule, suspend: true } } });
    expect(bikes).toMatchObject({ timeZone: "Europe/Paris", nextRunTime: "2027-01-01T01:00:00Z" });
    expect(trams).toMatchObject({ suspended: true });
    expect(trams).not.toHaveProperty("nextRunTime");
  });
});

describe("a schedule", () => {
  it.each([
    ["in winter", "0 2 1 * *", "Europe/Paris", "2026-12-10T12:00:00Z", "2027-01-01T01:00:00.000Z"],
    ["in summer", "0 2 1 * *", "Europe/Paris", "2026-06-10T12:00:00Z", "2026-07-01T00:00:00.000Z"],
    ["in words", "@monthly", "UTC", "2026-12-10T12:00:00Z", "2027-01-01T00:00:00.000Z"],
    ["never", "0 0 31 2 *", "UTC", "2026-12-10T12:00:00Z", undefined],
    ["that cannot be read", "every month", "UTC", "2026-12-10T12:00:00Z", undefined],
  ])("%s", (...[, schedule, zone, from, due]) => {
    expect(nextRunTime(schedule, zone, new Date(from))?.toISOString()).toBe(due);
  });
});
