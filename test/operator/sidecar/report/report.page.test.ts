import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import type { Browser } from "playwright-core";

import { Configuration, resolveSections } from "../../../../contract/configuration.ts";
import { createLog } from "../../../../operator/log.ts";
import { dashboardRouter } from "../../../../operator/sidecar/dashboard/router.ts";
import { createApp } from "../../../../operator/sidecar/http/app.ts";
import { reportRoutes } from "../../../../operator/sidecar/report/report-route.ts";
import { RunIndex } from "../../../../operator/sidecar/runs/run-index.ts";
import type { WatchedRun } from "../../../../operator/sidecar/runs/runs.ts";
import { runSeen } from "../../../support/seen.ts";
import { startBrowser } from "../../../trainer/page/browser.ts";
import { fakeRoutes } from "../dashboard/fake-routes.ts";
import { openDashboard, violations } from "../dashboard/opened.ts";
import { handRuns } from "../hand-runs.ts";

jest.setTimeout(60_000);
const stack = new AsyncDisposableStack();
const configuration = Configuration.parse({});
const { claimName } = resolveSections({}, configuration).storage;
const resolved = { input: {}, inputHash: "", image: "trainer", storage: { claimName, subPath: "" } };
const runs: readonly WatchedRun[] = [
  runSeen({ name: "may", status: { verdict: "Published", version: "v1", resolved } }),
  runSeen({ name: "june", status: { verdict: "Rejected", resolved } }),
];
let browser: Browser;
let directory: string;

beforeAll(async () => {
  browser = await startBrowser();
  stack.defer(() => browser.close());
  directory = await mkdtemp(path.join(tmpdir(), "retrain-reports-"));
  stack.defer(() => rm(directory, { recursive: true }));
  const version = path.join(directory, "bike-traffic", "versions", "v1");
  await mkdir(version, { recursive: true });
  await writeFile(path.join(version, "report.html"), "<!doctype html><title>The report of May</title>");
});
afterAll(() => stack.disposeAsync());

/** Page and API where everybody may everything; the list of runs is a test's own. */
async function serve(hasReports: boolean): Promise<AsyncDisposable & { readonly url: string }> {
  const index = new RunIndex<WatchedRun>();
  for (const run of runs) index.change(undefined, run);
  const fake = { index, configuration, orders: [], put: () => undefined, listeners: new Set<() => void>() };
  const place = hasReports ? { modelsDirectory: directory } : {};
  const app = createApp({
    routes: [...fakeRoutes(fake), ...reportRoutes({ runs: handRuns(...runs), configuration, ...place })],
    open: dashboardRouter({ version: "1.2.3", hasReports }),
    identity: {
      authenticate: () => Promise.resolve({ name: "anna", uid: "", groups: [], extra: {} }),
      may: () => Promise.resolve(true),
    },
    ...{ namespace: "city", ratePerMinute: 10_000, log: createLog("error") },
    ...{ onRequest: () => undefined, closing: new AbortController().signal },
  });
  const server = createServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

test("the report of a run is saved as a file by its name", async () => {
  await using sidecar = await serve(true);
  await using opened = await openDashboard(browser, sidecar.url);
  await opened.signIn("a token");
  await opened.page.getByRole("button", { name: "may" }).first().click();
  expect(await violations(opened.page)).toEqual([]);
  const saving = opened.page.waitForEvent("download");
  await opened.page.getByRole("button", { name: "Save the report" }).click();
  const download = await saving;
  expect(download.suggestedFilename()).toBe("may.html");
  expect(await readFile(await download.path(), "utf8")).toContain("The report of May");
  expect(opened.complaints).toEqual([]);
});

test("one that is not there is said so", async () => {
  await using sidecar = await serve(true);
  await using opened = await openDashboard(browser, sidecar.url);
  await opened.signIn("a token");
  await opened.page.getByRole("button", { name: "june" }).first().click();
  await opened.page.getByRole("button", { name: "Save the report" }).click();
  const error = opened.page.getByRole("alert").getByText("There is no report");
  await error.waitFor();
  expect(await error.innerText()).toMatch(/of the run june on the volume .*: it left none/u);
});

test("without the volume, its place is told as before", async () => {
  await using sidecar = await serve(false);
  await using opened = await openDashboard(browser, sidecar.url);
  await opened.signIn("a token");
  await opened.page.getByRole("button", { name: "may" }).first().click();
  await opened.page.getByText("bike-traffic/versions/v1/report.html").waitFor();
  expect(await opened.page.getByRole("button", { name: "Save the report" }).count()).toBe(0);
});

test("opened by an address, the report is a page of nowhere", async () => {
  await using sidecar = await serve(true);
  const { headers } = await fetch(`${sidecar.url}/api/runs/may/report`);
  expect(headers.get("content-security-policy")).toMatch(/^sandbox; /u);
  expect(headers.get("cache-control")).toBe("no-store");
  await using page = await browser.newPage();
  await page.goto(`${sidecar.url}/api/runs/may/report`);
  expect(await page.title()).toBe("The report of May");
  expect(await page.evaluate("self.origin")).toBe("null");
});
