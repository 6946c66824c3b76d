import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";

import { openPage, startBrowser } from "./browser.ts";
import { cityReport } from "./city-report.ts";
import { reports } from "./reports.ts";

const patience = 60_000;

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
}, patience);
afterAll(() => browser.close());

test.each(Object.entries(reports))(
  "%s: the browser has nothing to complain about, and asks for nothing but the file",
  async (_, report) => {
    await using opened = await openPage(browser, report());
    expect(opened.complaints).toEqual([]);
    expect(opened.requests).toEqual([opened.url]);
    expect(await opened.page.locator("script, link[rel=stylesheet], img, iframe, object").count()).toBe(0);
  },
  patience,
);

test.each([
  { width: 390, colorScheme: "light" },
  { width: 390, colorScheme: "dark" },
  { width: 768, colorScheme: "light" },
  { width: 1280, colorScheme: "dark" },
] as const)(
  "at $width px, $colorScheme, nothing is wider than the screen",
  async ({ width, colorScheme }) => {
    await using opened = await openPage(browser, cityReport(), {
      viewport: { width, height: 900 },
      colorScheme,
    });
    const beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
    expect(await opened.page.evaluate<number>(beyond)).toBe(0);
  },
  patience,
);

test.each([
  { colorScheme: "light", media: "screen", isDark: false },
  { colorScheme: "dark", media: "screen", isDark: true },
  { colorScheme: "dark", media: "print", isDark: false },
] as const)(
  "$colorScheme on $media: text, marks and paper are of one theme",
  async ({ colorScheme, media, isDark }) => {
    await using opened = await openPage(browser, reports.aborted(), { colorScheme });
    await opened.page.emulateMedia({ media });
    const brightness = async (selector: string, property: "color" | "backgroundColor" | "fill") => {
      const style = `getComputedStyle(document.querySelector("${selector}")).${property}`;
      const parts = /(\d+), (\d+), (\d+)/.exec(await opened.page.evaluate<string>(style))?.slice(1) ?? [];
      return parts.reduce((sum, part) => sum + Number(part) / 3, 0);
    };
    const paper = await brightness("body", "backgroundColor");
    expect(paper > 128).toBe(!isDark);
    expect(Math.abs(paper - (await brightness("body", "color")))).toBeGreaterThan(150);
    expect(
      Math.abs(paper - (await brightness("#cleaning svg text[font-size='12px']", "fill"))),
    ).toBeGreaterThan(80);
  },
  patience,
);

test(
  "on paper no table is cut at the side",
  async () => {
    await using opened = await openPage(browser, cityReport(), { viewport: { width: 680, height: 1000 } });
    await opened.page.emulateMedia({ media: "print" });
    const cut = await opened.page.evaluate<string[]>(
      `[...document.querySelectorAll("table")]
        .filter((table) => table.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
        .map((table) => table.textContent)`,
    );
    expect(cut).toEqual([]);
  },
  patience,
);

test(
  "every plot has words for people who cannot see it, and nothing in it is cut off",
  async () => {
    await using opened = await openPage(browser, cityReport());
    const plots = await opened.page.evaluate<{ title: string; isInside: boolean }[]>(
      `[...document.querySelectorAll("svg[role=img]")].map((svg) => {
        const box = svg.getBoundingClientRect();
        const texts = [...svg.querySelectorAll("text")].map((text) => text.getBoundingClientRect());
        const isInside = texts.every(({ left, right }) => left >= box.left - 8 && right <= box.right + 8);
        return { title: svg.querySelector("title").textContent, isInside };
      })`,
    );
    expect(plots.length).toBe(18);
    expect(plots.filter(({ title, isInside }) => title.length < 20 || !isInside)).toEqual([]);
  },
  patience,
);
