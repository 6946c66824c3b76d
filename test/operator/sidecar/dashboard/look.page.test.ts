import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";

import { startBrowser } from "../../../trainer/page/browser.ts";
import { failed, published, rejected, running } from "./city-runs.ts";
import { editorsToken, startFakeSidecar } from "./fake-sidecar.ts";
import { openDashboard, violations } from "./opened.ts";

jest.setTimeout(120_000);
let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());

const runs = [
  running("now", { stage: "search", percent: 42, etaSeconds: 195 }),
  rejected("refused", 3),
  published("october", 540),
  failed("broken", 600),
];
const train = (page: Page): Promise<void> => page.getByRole("button", { name: "Train bike-traffic" }).click();
const states = {
  "signed out": { runs: [], token: "", act: () => Promise.resolve() },
  refused: { runs: [], token: "nonsense", act: (page: Page) => page.getByRole("alert").waitFor() },
  empty: {
    runs: [],
    token: editorsToken,
    act: (page: Page) => page.getByText("There is no run yet").waitFor(),
  },
  full: { runs, token: editorsToken, act: (page: Page) => page.getByRole("progressbar").waitFor() },
  training: { runs, token: editorsToken, act: train },
  cancelling: {
    runs,
    token: editorsToken,
    act: (page: Page) => page.getByRole("button", { name: "Cancel now" }).click(),
  },
  details: {
    runs,
    token: editorsToken,
    act: async (page: Page) => {
      await page.getByRole("button", { name: "october" }).click();
      await page.getByRole("button", { name: "Read and follow" }).click();
      await page.getByText("The run has started").waitFor();
    },
  },
};
const looks = [
  { width: 1280, colorScheme: "light" },
  { width: 390, colorScheme: "dark" },
  { width: 320, colorScheme: "light" },
] as const;

test.each(
  Object.entries(states).flatMap(([name, state]) => looks.map((look) => ({ name, ...look, ...state }))),
)(
  "$name at $width px, $colorScheme: axe finds nothing and nothing is wider than the screen",
  async ({ width, colorScheme, runs: there, token, act }) => {
    await using sidecar = await startFakeSidecar(there);
    const viewport = { width, height: 900 };
    await using opened = await openDashboard(browser, sidecar.url, { viewport, colorScheme });
    if (token !== "") await opened.signIn(token);
    await act(opened.page);
    expect(await violations(opened.page)).toEqual([]);
    const beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
    expect(await opened.page.evaluate(beyond)).toBe(0);
  },
);
