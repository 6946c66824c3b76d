import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";

import { periodOf } from "../../operator/create-run/scheduled-job.ts";
import { startScheduleScene, type ScheduleScene } from "./schedule-scene.ts";

jest.setTimeout(60_000);

const timeZone = "Europe/Paris";
const hour = 3_600_000;
const day = 24 * hour;
/** A full hour half a day ago: no clock that these schedules have strikes while the tests run. */
const newest = new Date(Math.floor(Date.now() / hour) * hour - 12 * hour);
const before = (at: Date, days: number): Date => new Date(at.getTime() - days * day);

function local(at: Date): { readonly hour: string; readonly day: string } {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    day: "numeric",
    hour: "numeric",
    hourCycle: "h23",
  });
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  return { hour: String(parts["hour"]), day: String(parts["day"]) };
}
const daily = (at: Date): string => `0 ${local(at).hour} * * *`;
const monthly = (at: Date): string => `0 ${local(at).hour} ${local(at).day} * *`;

let scene: ScheduleScene;
beforeAll(async () => {
  scene = await startScheduleScene([
    { name: "daily", timeZone, schedule: daily(newest) },
    { name: "monthly", timeZone, schedule: monthly(before(newest, 5)) },
    { name: "forgotten", timeZone, schedule: monthly(before(newest, 20)) },
    { name: "suspended", timeZone, schedule: daily(newest), suspend: true },
  ]);
});
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
});

test("a month's tick that was missed is caught up, unless it is older than two weeks or the model is suspended", async () => {
  await scene.lastMade("forgotten", before(newest, 60));
  await scene.lastMade("suspended", before(newest, 10));
  await scene.lastMade("monthly", before(newest, 60));
  const [tick] = await scene.untilTicks("monthly", 1);
  expect(tick?.at).toEqual(before(newest, 5));
  expect(await scene.ticks("forgotten")).toEqual([]);
  expect(await scene.ticks("suspended")).toEqual([]);
});

test("of ten missed ticks the newest one alone is caught up, and once", async () => {
  for (let time = 0; time < 3; time++) {
    await scene.lastMade("daily", before(newest, 10));
    expect((await scene.untilTicks("daily", 1)).map(({ at }) => at)).toEqual([newest]);
  }
});

const next = new Date(newest.getTime() + hour);

test("a tick waits until the Job of the one before has ended", async () => {
  await scene.patch("daily", { schedule: daily(next) });
  await scene.lastMade("daily", before(newest, 1)); // A new schedule alone is not looked at before its next tick.
  await scene.untilTold("daily", "JobAlreadyActive");
  const [first, ...others] = await scene.ticks("daily");
  expect(others).toEqual([]);
  await scene.kubelet.end(await scene.kubelet.podOf(first?.job ?? ""), { exitCode: 0 });
  expect((await scene.untilTicks("daily", 2)).map(({ at }) => at)).toEqual([newest, next]);
});

test("however many Jobs a month has, it has one run", async () => {
  const jobs = await scene.ticks("daily");
  const codes = await Promise.all([...jobs, ...jobs].map(({ job }) => scene.createRun(job)));
  expect(codes).toEqual([0, 0, 0, 0]);
  const months = new Set([newest, next].map((at) => periodOf(at, timeZone)));
  expect(await scene.runs()).toEqual([...months].map((month) => `daily-${month}`));
});

test("one that is resumed catches up what it missed", async () => {
  await scene.patch("suspended", { suspend: false });
  expect((await scene.untilTicks("suspended", 1)).map(({ at }) => at)).toEqual([newest]);
});
