import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { chromium, type Browser, type Page } from "playwright-core";

import type { TrainerReport } from "../../../contract/trainer-report.ts";
import { findBrowser, howToGetABrowser } from "../../../hack/browser.ts";
import { reportPage } from "../../../trainer/page/page.ts";

const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A headless Chromium; throws a sentence where there is none. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === undefined) throw new Error(`Cannot start a browser: ${howToGetABrowser}`);
  return await chromium.launch({ executablePath, args: quiet });
}

/** A report's page, opened from disk, and what the browser had to say and asked for while doing so. */
export interface OpenedPage extends AsyncDisposable {
  readonly page: Page;
  readonly complaints: readonly string[];
  readonly requests: readonly string[];
  readonly url: string;
}

export async function openPage(
  browser: Browser,
  report: TrainerReport,
  options: Parameters<Browser["newPage"]>[0] = {},
): Promise<OpenedPage> {
  const directory = await mkdtempDisposable(path.join(tmpdir(), "page-"));
  const file = path.join(directory.path, "report.html");
  await writeFile(file, await reportPage(report));
  const page = await browser.newPage(options);
  const [complaints, requests]: [string[], string[]] = [[], []];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => {
    complaints.push(dialog.message());
    void dialog.dismiss();
  });
  page.on("request", (request) => requests.push(request.url()));
  const url = pathToFileURL(file).href;
  await page.goto(url);
  return {
    page,
    complaints,
    requests,
    url,
    [Symbol.asyncDispose]: async () => {
      await page.close();
      await directory[Symbol.asyncDispose]();
    },
  };
}

/** The rows of a table as the first line of each cell; what stands in small letters beneath is left out. */
export async function rowsOf(page: Page, selector: string): Promise<string[][]> {
  const rows = await page.locator(`${selector} tbody tr`).all();
  const texts = await Promise.all(rows.map((row) => row.locator("th, td").allInnerTexts()));
  return texts.map((cells) => cells.map((cell) => cell.split("\n")[0]?.trim() ?? ""));
}

/** The number that a cell shows: no grouping, the sign that people write, no unit. */
export const shownNumber = (text: string | undefined): number =>
  Number(
    (text ?? "")
      .replaceAll(",", "")
      .replaceAll("\u2212", "-")
      .replace(/\u00a0.*$/, ""),
  );

/** The facts of a list of terms. */
export async function factsOf(page: Page, selector: string): Promise<ReadonlyMap<string, string>> {
  const terms = await page.locator(`${selector} .facts dt`).allTextContents();
  const values = await page.locator(`${selector} .facts dd`).allTextContents();
  return new Map(terms.map((term, i) => [term, values[i] ?? ""]));
}
