import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Browser, Page } from "playwright-core";

import { legible } from "../../../trainer/page/legible.ts";
import { openPage, startBrowser } from "./browser.ts";
import { nastyTexts, talkative, textFields, withTexts } from "./hostile.ts";

const patience = 120_000;

/** Fields that the page has no place for, or that another one takes the place of. */
const unshown = [
  /^current\.runUid$/,
  /^training\.libraryVersion$/,
  /^backtest\.\d+\.parametersFrom$/,
  /^evaluation\.series\.\d+\.station$/,
];

/** How many elements of each kind the browser has made. */
const structure = (page: Page): Promise<string> =>
  page.evaluate<string>("[...document.querySelectorAll('*')].map(({ tagName }) => tagName).join(' ')");

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
}, patience);
afterAll(() => browser.close());

const report = talkative();
const fields = textFields(report);
const shown = fields.filter((field) => !unshown.some((pattern) => pattern.test(field)));

test(
  "the browser sees it as text, and as nothing else",
  async () => {
    await using tame = await openPage(
      browser,
      withTexts(report, fields, () => "tame"),
    );
    const expected = await structure(tame.page);
    const text = fc.string({
      unit: fc.oneof(
        fc.constantFrom(...nastyTexts),
        fc.string({ unit: "binary", minLength: 1, maxLength: 3 }),
      ),
      minLength: 1,
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(text, async (nasty) => {
        const told = (field: string): string => `x${nasty}${field}`;
        await using opened = await openPage(browser, withTexts(report, fields, told));
        expect(opened.complaints).toEqual([]);
        expect(opened.requests).toEqual([opened.url]);
        expect(await structure(opened.page)).toBe(expected);
        const seen = await opened.page.evaluate<string>("document.documentElement.textContent");
        expect(shown.filter((field) => !seen.includes(legible(told(field))))).toEqual([]);
      }),
      { numRuns: 8 },
    );
  },
  patience,
);
