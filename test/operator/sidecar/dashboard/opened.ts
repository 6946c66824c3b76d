import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

import type { Browser, Page } from "playwright-core";

/** The page in a browser, and what the browser complained about and asked for meanwhile. */
export interface OpenedDashboard extends AsyncDisposable {
  readonly page: Page;
  readonly complaints: readonly string[];
  readonly requests: readonly string[];
  signIn(token: string): Promise<void>;
}

export async function openDashboard(
  browser: Browser,
  url: string,
  options: Parameters<Browser["newPage"]>[0] = {},
): Promise<OpenedDashboard> {
  const page = await browser.newPage(options);
  const [complaints, requests]: [string[], string[]] = [[], []];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(url);
  return {
    page,
    complaints,
    requests,
    signIn: async (token) => {
      await page.getByLabel("Token").fill(token);
      await page.getByRole("button", { name: "Sign in" }).click();
    },
    [Symbol.asyncDispose]: () => page.close(),
  };
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

const axeFile = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** What axe finds on the page as it stands: the rule, and the elements that break it. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(await readFile(axeFile, "utf8")); // By the debugger: the page's own policy lets no script in.
  const found = await page.evaluate<readonly Violation[]>("axe.run().then(({ violations }) => violations)");
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

/** The rows of a table as the text of each cell. */
export async function rowsOf(page: Page, id: string): Promise<string[][]> {
  const rows = await page.locator(`#${id} tbody tr`).all();
  return Promise.all(rows.map((row) => row.locator("th, td").allInnerTexts()));
}
