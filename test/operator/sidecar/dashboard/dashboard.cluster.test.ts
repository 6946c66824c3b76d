import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import type { Browser } from "playwright-core";

import { startSidecar, whenReady, type SidecarProcess } from "../../../support/sidecar-process.ts";
import { grantSidecar, grantUser, type UserRights } from "../../../support/sidecar-rights.ts";
import { startBrowser } from "../../../trainer/page/browser.ts";
import type { Place } from "../../place.ts";
import { startScene } from "../../scene.ts";
import { reportOf } from "../../trainer-report.ts";
import { openDashboard, rowsOf, violations } from "./opened.ts";

jest.setTimeout(120_000);
const namespace = "dashboard";
const stack = new AsyncDisposableStack();
let place: Place;
let browser: Browser;
let sidecar: SidecarProcess;
let tokens: Readonly<Record<UserRights, string>>;
beforeAll(async () => {
  browser = stack.adopt(await startBrowser(), (one) => one.close());
  const scene = stack.use(await startScene());
  await scene.operator();
  place = await scene.place(namespace);
  const tokenFor = (rights: UserRights): Promise<string> =>
    grantUser(scene.plane, { namespace, name: rights }, rights);
  tokens = { none: await tokenFor("none"), view: await tokenFor("view"), edit: await tokenFor("edit") };
  const access = await grantSidecar(scene.plane, { namespace, name: "sidecar" });
  sidecar = stack.use(await startSidecar(access, { namespace }));
  await whenReady(sidecar);
});
afterAll(() => stack.disposeAsync());

test("somebody without rights is refused by the cluster's own rules", async () => {
  await using opened = await openDashboard(browser, sidecar.url);
  await opened.signIn(tokens.none);
  await opened.page.getByText(/cannot list .*retrainruns/u).waitFor();
  expect(await opened.page.getByRole("table").count()).toBe(0);
});

test("somebody signs in, starts a run and watches it to Published", async () => {
  await using opened = await openDashboard(browser, sidecar.url);
  const { page } = opened;
  await opened.signIn(tokens.edit);
  await page.getByText("There is no run yet").waitFor();
  await page.getByRole("button", { name: "Train bike-traffic" }).click();
  await page.getByLabel("Reason").fill("counter 12 was repaired");
  await page.getByRole("button", { name: "Start the run" }).click();
  const card = page.getByRole("article");
  await card.getByText("counter 12 was repaired").waitFor();
  const name = await card.getByRole("heading").innerText();

  const pod = await place.podOf(name);
  await card.getByText("Pending").waitFor();
  await place.kubelet.run(pod);
  const run = await place.whenProgressing(name, "Running");
  await card.getByText("Running", { exact: false }).first().waitFor();
  // What the operator writes from the trainer's log, which only a node has.
  await place.patchStatus(name, { progress: { stage: "search", percent: 42, etaSeconds: 195 } });
  await card.getByText("search · 42 % · about 3 min 15 s left in this stage").waitFor();
  expect(await violations(page)).toEqual([]);
  await place.kubelet.end(pod, { exitCode: 0, message: reportOf(run) });

  await page.getByText("No run is under way.").waitFor();
  expect((await rowsOf(page, "runs")).map(([, , verdict]) => verdict)).toEqual(["✓ Published"]);
  const [[, version, , through] = []] = await rowsOf(page, "models");
  expect([version, through].join()).toMatch(/20261201T010000Z-run1[^]*2026-11-30/u);
  expect(opened.complaints).toEqual([]);
  expect(opened.requests.filter((url) => !url.startsWith(sidecar.url))).toEqual([]);
});

test("somebody who may only look sees it all and starts nothing", async () => {
  await using opened = await openDashboard(browser, sidecar.url);
  const { page } = opened;
  await opened.signIn(tokens.view);
  await page.getByRole("table", { name: "Runs" }).getByText("Published", { exact: false }).first().waitFor();
  await page.getByRole("button", { name: "Train bike-traffic" }).click();
  await page.getByRole("button", { name: "Start the run" }).click();
  await page
    .getByRole("alert")
    .filter({ hasText: /cannot create .*retrainruns/u })
    .waitFor();
  expect(await page.locator("#runs tbody tr").count()).toBe(1);
});

test("somebody cancels a run and sees it end so", async () => {
  await place.create("slow", { model: "bike-traffic" });
  const pod = await place.podOf("slow");
  await place.kubelet.run(pod);
  await using opened = await openDashboard(browser, sidecar.url);
  const { page } = opened;
  await opened.signIn(tokens.edit);
  await page.getByRole("button", { name: "Cancel slow" }).click();
  await page.getByRole("button", { name: "Cancel the run" }).click();
  await page.getByText("No run is under way.").waitFor();
  expect((await rowsOf(page, "runs"))[0]?.[2]).toBe("■ Cancelled");
  expect((await place.whenOver("slow")).status).toMatchObject({ verdict: "Cancelled" });
});
