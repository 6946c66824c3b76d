import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import type { Browser } from "playwright-core";

import { startBrowser } from "../../../trainer/page/browser.ts";
import { published, running } from "./city-runs.ts";
import { editorsToken, startFakeSidecar, viewersToken } from "./fake-sidecar.ts";
import { openDashboard } from "./opened.ts";

jest.setTimeout(60_000);
let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());

test("starts a run by keyboard alone, and the focus comes back to where it was", async () => {
  await using sidecar = await startFakeSidecar([published("october", 540)]);
  await using opened = await openDashboard(browser, sidecar.url);
  const { keyboard } = opened.page;
  await opened.page.getByLabel("Token").focus();
  await keyboard.type(editorsToken);
  await keyboard.press("Enter");
  const train = opened.page.getByRole("button", { name: "Train bike-traffic" });
  await train.waitFor();
  await keyboard.press("Tab");
  await keyboard.press("Enter");
  await opened.page.getByRole("dialog", { name: "Train a model" }).waitFor();
  await keyboard.type("counter 12 was repaired");
  await keyboard.press("Tab");
  await keyboard.press("Space");
  await keyboard.press("Enter");
  await opened.page.getByRole("article").waitFor();
  expect(sidecar.orders).toEqual([
    {
      model: "bike-traffic",
      dryRun: true,
      reason: "counter 12 was repaired",
      key: expect.stringMatching(/^[0-9a-f]{32}$/u),
    },
  ]);
  expect(await opened.page.evaluate("document.activeElement.dataset.does")).toBe("train");
});

test("forcing needs a reason, which is sent with it", async () => {
  await using sidecar = await startFakeSidecar([]);
  await using opened = await openDashboard(browser, sidecar.url);
  await opened.signIn(editorsToken);
  await opened.page.getByRole("button", { name: "Train bike-traffic" }).click();
  await opened.page.getByLabel("Force").check();
  await opened.page.getByRole("button", { name: "Start the run" }).click();
  expect(await opened.page.evaluate("document.activeElement.id")).toBe("train-reason");
  expect(sidecar.orders).toEqual([]);
  await opened.page.getByLabel("Reason").fill("June is right");
  await opened.page.getByRole("button", { name: "Start the run" }).click();
  await opened.page.getByRole("article").waitFor();
  expect(sidecar.orders).toMatchObject([{ force: { reason: "June is right" } }]);
});

test("a run in the way is named, and sending again has the same key", async () => {
  await using sidecar = await startFakeSidecar([running("in-the-way")]);
  await using opened = await openDashboard(browser, sidecar.url);
  await opened.signIn(editorsToken);
  await opened.page.getByRole("button", { name: "Train bike-traffic" }).click();
  const submit = opened.page.getByRole("button", { name: "Start the run" });
  await submit.click();
  await opened.page.getByText("The run in-the-way is active.").waitFor();
  await submit.click();
  await opened.page.waitForFunction("!document.querySelector('#train [aria-disabled]')");
  expect(new Set(sidecar.orders.map((order) => JSON.stringify(order))).size).toBe(1);
  expect(sidecar.orders).toHaveLength(2);
});

test("a run is cancelled once that was confirmed", async () => {
  await using sidecar = await startFakeSidecar([running("now")]);
  await using opened = await openDashboard(browser, sidecar.url);
  await opened.signIn(editorsToken);
  await opened.page.getByRole("button", { name: "Cancel now" }).click();
  expect(sidecar.orders).toEqual([]);
  await opened.page.getByRole("button", { name: "Cancel the run" }).click();
  await opened.page.getByRole("dialog").waitFor({ state: "hidden" });
  expect(sidecar.orders).toEqual([{ cancel: "now" }]);
  expect(await opened.page.getByRole("button", { name: "Cancel now" }).isDisabled()).toBe(true);
});

test("somebody who may only look is told so, and nothing is started or stopped", async () => {
  await using sidecar = await startFakeSidecar([running("now")]);
  await using opened = await openDashboard(browser, sidecar.url);
  await opened.signIn(viewersToken);
  await opened.page.getByRole("button", { name: "Train bike-traffic" }).click();
  await opened.page.getByRole("button", { name: "Start the run" }).click();
  await opened.page.getByRole("alert").filter({ hasText: "cannot create" }).waitFor();
  await opened.page.keyboard.press("Escape");
  await opened.page.getByRole("button", { name: "Cancel now" }).click();
  await opened.page.getByRole("button", { name: "Cancel the run" }).click();
  await opened.page.getByRole("alert").filter({ hasText: "cannot patch" }).waitFor();
  expect(sidecar.orders).toEqual([]);
});

test("the details of a run have its report's path, its facts and its log", async () => {
  await using sidecar = await startFakeSidecar([published("october", 540)]);
  await using opened = await openDashboard(browser, sidecar.url);
  await opened.signIn(viewersToken);
  await opened.page.getByRole("button", { name: "october" }).click();
  const dialog = opened.page.getByRole("dialog", { name: "october" });
  await dialog.getByText("bike-traffic/versions/20261101T020412Z-1a2b3c4d/report.html").waitFor();
  expect(await dialog.locator("dl").innerText()).toMatch(/Difference\s+−11\.0 %/u);
  await dialog.getByRole("button", { name: "Read and follow" }).click();
  await dialog.getByText("The run has started").waitFor();
  await dialog.getByRole("status").filter({ hasText: "Nothing follows." }).waitFor();
});
