import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";

import type { Metrics, TrainerReport } from "../../../contract/trainer-report.ts";
import { factsOf, openPage, rowsOf, shownNumber, startBrowser } from "./browser.ts";
import { cityReport } from "./city-report.ts";
import { reports } from "./reports.ts";

const patience = 60_000;

/** The columns of the gate's tables, in their order, and how many decimals each shows. */
const columns = [
  ["mae", 1],
  ["rmse", 1],
  ["wapePercent", 1],
  ["r2", 3],
  ["bias", 1],
  ["n", 0],
] as const satisfies (readonly [keyof Metrics, number])[];

const rounded = (value: number | null | undefined, digits: number): number =>
  Number((value ?? NaN).toFixed(digits));
const inTable = (metrics: Metrics | undefined): number[] =>
  columns.map(([name, digits]) => rounded(metrics?.[name], digits));

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
}, patience);
afterAll(() => browser.close());

test.each(Object.entries(reports))(
  "%s: verdict, message, reason, requester and the current version",
  async (_, make) => {
    const report: TrainerReport = make();
    await using opened = await openPage(browser, report);
    expect(await opened.page.locator("#verdict .badge").textContent()).toBe(report.verdict);
    expect(await opened.page.locator("#verdict .message").textContent()).toBe(report.message);
    const facts = await factsOf(opened.page, "#verdict");
    expect(facts.get("Reason")).toBe(report.reason);
    expect(facts.get("Asked for by")).toBe(report.requestedBy);
    expect(facts.get("Door")).toBe(report.trigger);
    expect(facts.get("Current version")).toBe(report.current?.version);
  },
  patience,
);

test(
  "every metric of the comparison",
  async () => {
    const report = cityReport();
    await using opened = await openPage(browser, report);
    const { candidate, champion, naive, lastWeek, unjudged, unknownStations } = report.evaluation;
    const rows = await rowsOf(opened.page, "#gate .metrics");
    expect(rows.map(([, ...cells]) => cells.map(shownNumber))).toEqual(
      [
        candidate,
        champion,
        naive,
        lastWeek,
        unjudged.servedLags,
        unjudged.previousDayWeather,
        unknownStations?.naive,
      ].map(inTable),
    );
    const text = await opened.page.locator("#gate").innerText();
    for (const sentence of [report.gate.why, "The gate is passed", report.gate.champion?.version ?? "?"]) {
      expect(text).toContain(sentence);
    }
  },
  patience,
);

test(
  "every rule and every check with value and limit, failed ones first",
  async () => {
    const report = reports.rejected();
    await using opened = await openPage(browser, report);
    const rules = await rowsOf(opened.page, "#rules");
    expect(
      rules.map(([message, value, limit, result]) => [
        message,
        shownNumber(value),
        shownNumber(limit),
        result,
      ]),
    ).toEqual(
      report.gate?.rules.map(({ message, value, limit, passed }) => [
        message,
        value,
        limit,
        passed ? "✓ passed" : "✕ failed",
      ]),
    );

    const aborted = reports.aborted();
    await using refused = await openPage(browser, aborted);
    const shown = await rowsOf(refused.page, "#checks");
    expect(shown.map(([, , , result]) => result?.slice(2)).slice(0, 4)).toEqual([
      "failed",
      "warning",
      "warning",
      "passed",
    ]);
    const number = (value: string | number): string => value.toLocaleString("en-US");
    expect(shown.map(([message, value, limit]) => [message, value, limit]).sort()).toEqual(
      aborted.checks.map(({ message, value, limit }) => [message, number(value), number(limit)]).sort(),
    );
  },
  patience,
);

test(
  "the waterfall, step by step, and what is left after each",
  async () => {
    const report = cityReport();
    await using opened = await openPage(browser, report);
    const rows = await rowsOf(opened.page, "#cleaning");
    const counts = Object.values(report.data.waterfall);
    expect(rows.map(([, count]) => shownNumber(count))).toEqual(counts);
    expect(rows.slice(-2).map(([, , left]) => shownNumber(left))).toEqual([31_567, 31_567]);
  },
  patience,
);

test(
  "errors by month and by counter, the grid, importance and stages",
  async () => {
    const report = cityReport();
    await using opened = await openPage(browser, report);
    const { months, stations } = report.evaluation;
    const error = ({
      candidate,
      champion,
      naive,
    }: (typeof months)[number] | (typeof stations)[number]): number[] => [
      candidate.n,
      ...[candidate.mae, champion?.mae, naive.mae, candidate.wapePercent].map((value) => rounded(value, 1)),
    ];
    const numbers = async (section: string): Promise<number[][]> =>
      (await rowsOf(opened.page, section)).map(([, ...cells]) => cells.map(shownNumber));
    expect(await numbers("#months")).toEqual(months.map(error));
    expect(await numbers("#counters")).toEqual(stations.map(error));
    const { grid, importance } = report.training;
    expect((await numbers("#grid")).map(([, , rmse]) => rmse)).toEqual(
      grid.map(({ meanRmse }) => rounded(meanRmse, 2)),
    );
    expect((await numbers("#importance")).map(([gain]) => gain)).toEqual(
      importance?.map(({ gain }) => rounded(gain, 0)),
    );
    const rounds = (await rowsOf(opened.page, "#stages")).map((cells) =>
      shownNumber(cells[4]?.replace("–", "0")),
    );
    expect(rounds).toEqual(report.stages.map((stage) => stage.rounds ?? 0));
  },
  patience,
);

test(
  "where the version comes from",
  async () => {
    const report = cityReport();
    await using opened = await openPage(browser, report);
    const facts = await factsOf(opened.page, "#lineage");
    expect(Object.fromEntries(facts)).toMatchObject({
      Run: report.runUid,
      Version: report.version,
      "Data fingerprint": report.data.fingerprint,
      "Recipe fingerprint": report.lineage.recipeFingerprint,
      "Code revision": report.lineage.codeRevision,
      Image: report.lineage.image,
      "Node.js": report.lineage.node,
      libxgboost: report.lineage.library,
      Seed: "0",
      Threads: "2",
    });
    const models = (await rowsOf(opened.page, "#lineage")).map(([, ...cells]) => cells.map(shownNumber));
    const all = [report.training.winner, report.evaluation.parameters, report.gate.champion?.parameters];
    expect(models).toEqual(all.map((one) => [one?.maxDepth, one?.learningRate, one?.rounds]));
  },
  patience,
);
