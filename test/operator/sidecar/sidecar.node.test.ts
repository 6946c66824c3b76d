import { text } from "node:stream/consumers";

import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import type { Browser } from "playwright-core";

import { startSidecar, whenReady, type SidecarProcess } from "../../support/sidecar-process.ts";
import { grantSidecar, grantUser } from "../../support/sidecar-rights.ts";
import { startBrowser } from "../../trainer/page/browser.ts";
import { startNodeScene, type NodePlace } from "../node-scene.ts";
import { openDashboard, rowsOf } from "./dashboard/opened.ts";
import { ask } from "./process/sidecar-scene.ts";

jest.setTimeout(600_000);
const namespace = "sidecar";
const stack = new AsyncDisposableStack();
let place: NodePlace;
let browser: Browser;
let sidecar: SidecarProcess;
let token: string;
beforeAll(async () => {
  browser = stack.adopt(await startBrowser(), (one) => one.close());
  const scene = stack.use(await startNodeScene());
  place = await scene.place(namespace);
  token = await grantUser(scene.node, { namespace, name: "edit" }, "edit");
  const access = await grantSidecar(scene.node, { namespace, name: "sidecar" });
  sidecar = stack.use(await startSidecar(access, { namespace }));
  await whenReady(sidecar);
});
afterAll(() => stack.disposeAsync());

const get = (path: string): Promise<Response> => ask(`${sidecar.url}${path}`, { token });

test("a run that the page starts is watched to Published, its log and its states until their end", async () => {
  await using opened = await openDashboard(browser, sidecar.url);
  const { page } = opened;
  await opened.signIn(token);
  await page.getByRole("button", { name: "Train bike-traffic" }).click();
  await page.getByRole("button", { name: "Start the run" }).click();
  const card = page.getByRole("article");
  const name = await card.getByRole("heading").innerText();
  // Asked for before there is a Pod.
  const following = get(`/api/runs/${name}/logs`).then((answer) => answer.text());
  const watching = get(`/api/runs/${name}/events`).then((answer) => answer.text());

  await card.getByText(/\d+ %/u).waitFor({ timeout: 120_000 });
  await page.getByText("No run is under way.").waitFor({ timeout: 200_000 });
  const { status } = await place.whenOver(name);
  expect(status).toMatchObject({ verdict: "Published", attempts: [{ exitCode: 0 }] });
  expect((await rowsOf(page, "runs")).map(([, , verdict]) => verdict)).toEqual(["✓ Published"]);
  expect((await rowsOf(page, "models"))[0]?.join()).toContain(status.version);

  const [title, ...lines] = (await following).trim().split("\n");
  expect(title).toBe("==> attempt 1 <==");
  expect(lines.length).toBeGreaterThan(10);
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ message: expect.any(String) });
  expect(lines.at(-1)).toContain("Published");
  const events = await watching;
  expect(events).toMatch(/"phase":"Running"[^]+"verdict":"Published"/u);
  expect(events).toMatch(/event: end/u);
});

test("the metrics say what became of it", async () => {
  const { body } = await fetch(`${sidecar.metricsUrl}/metrics`);
  const metrics = body === null ? "" : await text(body);
  expect(metrics).toMatch(/^training_started_total\{trigger="Api"\} 1$/mu);
  expect(metrics).toMatch(/^retrain_last_verdict\{model="bike-traffic",verdict="Published"\} 1$/mu);
  expect(metrics).toMatch(
    /^retrain_last_stage_duration_seconds\{model="bike-traffic",stage="search"\} [\d.]+$/mu,
  );
  expect(metrics).toMatch(/^retrain_data_rows\{model="bike-traffic",source="bike_count"\} [1-9]\d+$/mu);
  expect(metrics).toMatch(/^retrain_mae\{model="bike-traffic",role="naive"\} [\d.]+$/mu);
});
