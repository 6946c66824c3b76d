import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";

import { startBrowser } from "../../../trainer/page/browser.ts";
import { startFakeSidecar } from "./fake-sidecar.ts";
import { openDashboard, type OpenedDashboard } from "./opened.ts";

jest.setTimeout(60_000);
const stack = new AsyncDisposableStack();
let opened: OpenedDashboard;
beforeAll(async () => {
  const browser = stack.adopt(await startBrowser(), (one) => one.close());
  const sidecar = stack.use(await startFakeSidecar([]));
  opened = stack.use(await openDashboard(browser, sidecar.url, { timezoneId: "Europe/Paris" }));
});
afterAll(() => stack.disposeAsync());

/** What a function of the page's scripts returns, in the browser. */
const called = (file: string, name: string, values: readonly unknown[]): Promise<unknown> =>
  opened.page.evaluate(
    `import("/assets/${file}.js").then((script) => script.${name}(...${JSON.stringify(values)}))`,
  );

const now = Date.parse("2026-12-01T12:00:00Z");

test.each([
  ["length", [-5], "0 s"],
  ["length", [59.4], "59 s"],
  ["length", [59.6], "1 min"],
  ["length", [195], "3 min 15 s"],
  ["length", [3599.6], "1 h"],
  ["length", [7500], "2 h 5 min"],
  ["length", [7199], "2 h"],
  ["length", [172_800], "2 days"],
  ["roughly", [89], "89 s"],
  ["roughly", [600], "10 min"],
  ["roughly", [86_400], "24 h"],
  ["roughly", [86_400 * 12], "12 days"],
  ["away", ["2026-12-01T11:59:55Z", now], "just now"],
  ["away", ["2026-12-01T11:00:00Z", now], "60 min ago"],
  ["away", ["2026-12-08T12:00:00Z", now], "in 7 days"],
  ["between", ["2026-12-01T02:00:00Z", "2026-12-01T02:10:12Z"], "10 min 12 s"],
  ["between", ["2026-12-01T11:58:00Z", now], "2 min"],
  ["daysAgo", ["2026-12-01", now], "today"],
  ["daysAgo", ["2026-11-30", now], "yesterday"],
  ["daysAgo", ["2026-10-31", now], "31 days ago"],
  // Half an hour after midnight in Paris, while it is still November in London.
  ["daysAgo", ["2026-11-30", Date.parse("2026-11-30T23:30:00Z")], "yesterday"],
  ["signedPercent", [-17.25], "−17.3 %"],
  ["signedPercent", [8.4], "+8.4 %"],
  ["signedPercent", [-0.04], "±0.0 %"],
])("%s(%j) is %s", async (name, values, words) => {
  expect(await called("format", name, values)).toBe(words);
});

describe("the reader of event streams", () => {
  const read = (pieces: readonly string[]): Promise<unknown> =>
    opened.page.evaluate(`import("/assets/server-sent.js").then(({ serverSent }) => {
      const pieces = ${JSON.stringify(pieces)}.map((piece) => new TextEncoder().encode(piece));
      const body = new ReadableStream({
        pull: (stream) => (pieces.length === 0 ? stream.close() : stream.enqueue(pieces.shift())),
      });
      return Array.fromAsync(serverSent(body));
    })`);
  const run = { event: "run", id: "7", data: '{"a":1}' };
  const text = 'event: run\nid: 7\ndata: {"a":1}\n\n';

  const letters = (whole: string): string[] => Array.from(whole);

  test.each<[string, readonly string[], readonly object[]]>([
    ["reads an event", [text], [run]],
    ["reads one that comes letter by letter", letters(text), [run]],
    ["reads other line ends", letters(text.replaceAll("\n", "\r\n")), [run]],
    ["leaves comments and what has no data out", [": keep-alive\n\nretry: 1000\n\n", text], [run]],
    ["joins the lines of data", ["data: a\ndata:b\n\n"], [{ event: "message", id: "", data: "a\nb" }]],
    ["keeps the last id", [text, "data: b\n\n"], [run, { event: "message", id: "7", data: "b" }]],
    ["leaves out what was cut", [text, "event: run\ndata: {"], [run]],
  ])("%s", async (_, pieces, events) => {
    expect(await read(pieces)).toEqual(events);
  });
});
