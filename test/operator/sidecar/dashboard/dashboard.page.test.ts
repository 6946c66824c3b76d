import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import type { Browser } from "playwright-core";

import { startBrowser } from "../../../trainer/page/browser.ts";
import { failed, published, rejected, running } from "./city-runs.ts";
import { editorsToken, startFakeSidecar, strangersToken, viewersToken } from "./fake-sidecar.ts";
import { openDashboard, rowsOf } from "./opened.ts";

jest.setTimeout(60_000);
let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());

const runOf = (model: string) => published("of-trams", 700, { model, spec: {} });
const past = [rejected("refused", 3), published("october", 540), failed("broken", 600)];

test("shows models with version, age, data and error, and runs with verdict and reason", async () => {
  await using sidecar = await startFakeSidecar(past);
  await using opened = await openDashboard(browser, sidecar.url);
  await opened.signIn(editorsToken);
  await opened.page.getByRole("table", { name: "Models" }).waitFor();
  const [[model, version, age, through, mae, against] = []] = await rowsOf(opened.page, "models");
  expect([model, age, mae]).toEqual(["bike-traffic", "23 days", "80.1"]);
  expect(version).toContain("20261101T020412Z-1a2b3c4d");
  expect(through).toContain("2026-10-31");
  expect(against).toMatch(/^−20\.3 %\s+naive 100\.5$/u);
  expect((await rowsOf(opened.page, "runs")).map(([, , verdict, why]) => [verdict, why])).toEqual([
    ["✕ Rejected", past[0]?.status.message],
    ["✓ Published", past[1]?.status.message],
    ["✕ Failed", past[2]?.status.message],
  ]);
});

test("the browser complains about nothing, and nothing is asked of anybody but the sidecar", async () => {
  await using sidecar = await startFakeSidecar([...past, running("now", { stage: "search", percent: 42 })]);
  await using opened = await openDashboard(browser, sidecar.url);
  await opened.signIn(editorsToken);
  await opened.page.getByRole("progressbar").waitFor();
  expect(opened.complaints).toEqual([]);
  expect(opened.requests.filter((url) => !url.startsWith(sidecar.url))).toEqual([]);
  expect(opened.requests.filter((url) => url.includes(editorsToken))).toEqual([]);
});

test("the token is in the memory of the page alone: a reload signs out", async () => {
  await using sidecar = await startFakeSidecar(past);
  await using opened = await openDashboard(browser, sidecar.url);
  await opened.signIn(editorsToken);
  await opened.page.getByRole("table", { name: "Runs" }).waitFor();
  expect(await opened.page.getByLabel("Token").inputValue()).toBe("");
  const kept = "JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])";
  expect(await opened.page.evaluate(kept)).toBe('[{},{},""]');
  await opened.page.reload();
  await opened.page.getByRole("button", { name: "Sign in" }).waitFor();
  expect(await opened.page.getByRole("table").count()).toBe(0);
});

test.each([
  ["a token that nobody knows", "nonsense", "The token is not valid or has expired."],
  ["somebody without rights", strangersToken, "cannot list"],
])("%s is refused with a sentence", async (_, token, sentence) => {
  await using sidecar = await startFakeSidecar(past);
  await using opened = await openDashboard(browser, sidecar.url);
  await opened.signIn(token);
  await opened.page.getByRole("alert").waitFor();
  expect(await opened.page.getByRole("alert").innerText()).toContain(sentence);
  expect(await opened.page.getByRole("table").count()).toBe(0);
});

test("follows a run through its stages to its verdict without a reload", async () => {
  await using sidecar = await startFakeSidecar([running("now"), ...past]);
  await using opened = await openDashboard(browser, sidecar.url);
  await opened.signIn(editorsToken);
  const card = opened.page.getByRole("article");
  await card.getByText("Running", { exact: false }).first().waitFor();
  sidecar.put(running("now", { stage: "search", percent: 42, etaSeconds: 195 }));
  await card.getByText("search · 42 % · about 3 min 15 s left in this stage").waitFor();
  // Told by the stream: the list was asked for once, at the sign-in.
  expect(opened.requests.filter((url) => url.includes("/api/runs?"))).toHaveLength(1);
  expect(await card.getByRole("progressbar").getAttribute("value")).toBe("42");
  expect(await card.locator("[aria-current=step]").innerText()).toBe("search");
  expect(await opened.page.locator("#announcer").innerText()).toBe("now: stage search");
  sidecar.put(published("now", 0, { resourceVersion: "99" }));
  await opened.page.getByText("No run is under way.").waitFor();
  expect((await rowsOf(opened.page, "runs"))[0]?.[2]).toBe("✓ Published");
  expect(await opened.page.locator("#announcer").innerText()).toMatch(/^now: Published\. Version /u);
});

test("an answer that comes late does not overrule a newer one", async () => {
  await using sidecar = await startFakeSidecar([...past, runOf("trams")]);
  await using opened = await openDashboard(browser, sidecar.url);
  await opened.signIn(editorsToken);
  await opened.page.getByRole("table", { name: "Runs" }).waitFor();
  const [held, late] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  await opened.page.route("**/api/runs?limit=20&model=bike-traffic", async (request) => {
    const answer = await request.fetch();
    await held.promise;
    await request.fulfill({ response: answer });
    late.resolve(undefined);
  });
  const filter = opened.page.getByLabel("Runs of");
  await filter.selectOption("bike-traffic");
  await filter.selectOption("trams");
  await opened.page.locator("#runs tbody tr").nth(1).waitFor({ state: "detached" });
  held.resolve(undefined);
  await late.promise;
  await opened.page.evaluate("new Promise((resolve) => setTimeout(resolve, 300))");
  expect((await rowsOf(opened.page, "runs")).map(([, model]) => model)).toEqual(["trams"]);
});

test("a run that waits for its next attempt shows no progress of the last one", async () => {
  const progress = { stage: "search", percent: 42 };
  const [run] = [running("now", progress)];
  const lastTransitionTime = new Date().toISOString();
  const word = {
    type: "Progressing" as const,
    status: "False" as const,
    reason: "BackingOff",
    lastTransitionTime,
  };
  const status = { ...run.status, conditions: [{ ...word, message: "The next attempt is due" }] };
  await using sidecar = await startFakeSidecar([{ ...run, status }]);
  await using opened = await openDashboard(browser, sidecar.url);
  await opened.signIn(editorsToken);
  await opened.page.getByRole("article").getByText("The next attempt is due").waitFor();
  expect(await opened.page.getByRole("progressbar").count()).toBe(0);
});

test("an expired token leads back to the sign-in and takes what was shown away", async () => {
  await using sidecar = await startFakeSidecar(past);
  await using opened = await openDashboard(browser, sidecar.url);
  await opened.signIn(editorsToken);
  await opened.page.getByRole("table", { name: "Runs" }).waitFor();
  sidecar.expire();
  await opened.page.getByLabel("Runs of").selectOption("bike-traffic");
  await opened.page.getByText("The token is not valid or has expired.").waitFor();
  expect(await opened.page.locator("#runs tbody tr").count()).toBe(0);
});

test("what the API says is text, whatever it looks like", async () => {
  const message = '<img src=x onerror="alert(1)"><b>bold</b>';
  await using sidecar = await startFakeSidecar(
    [failed("x", 1)].map((run) => ({ ...run, status: { ...run.status, message } })),
  );
  await using opened = await openDashboard(browser, sidecar.url);
  await opened.signIn(viewersToken);
  await opened.page.getByText(message).waitFor();
  expect(await opened.page.locator("img, td b").count()).toBe(0);
});
