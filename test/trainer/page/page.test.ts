import { expect, test } from "@jest/globals";

import type { Metrics, TrainerReport } from "../../../contract/trainer-report.ts";
import { reportPage } from "../../../trainer/page/page.ts";
import { cityReport } from "./city-report.ts";
import { reports } from "./reports.ts";

const sectionsOf = (page: string): string[] =>
  [...page.matchAll(/<section id="([^"]+)"/g)].map(([, id]) => id ?? "");

/** What JavaScript writes for a value that is not there. */
const nothing = /NaN|undefined|Infinity|\[object/;

const ended = ["stages", "lineage"];
const whole = [
  "gate",
  "backtest",
  "checks",
  "cleaning",
  "months",
  "counters",
  "series",
  "importance",
  "grid",
  ...ended,
];

/** The first page of a process waits for danfojs and Vega. */
const patience = 60_000;

test.each([
  { name: "published", sections: whole },
  { name: "firstRun", sections: whole },
  { name: "rejected", sections: whole },
  { name: "aborted", sections: ["checks", "cleaning", "not-judged", ...ended] },
  { name: "skipped", sections: ["checks", "cleaning", "not-judged", ...ended] },
  { name: "restored", sections: ended },
  { name: "failed", sections: ["not-judged", "lineage"] },
] as const)(
  "$name: has the sections that the report has something to say in, in order",
  async ({ name, sections }) => {
    const page = await reportPage(reports[name]());
    expect(sectionsOf(page)).toEqual(sections);
    expect(page).not.toMatch(nothing);
  },
  patience,
);

test(
  "a city of 500 counters and a window of more than a year is far below 1.5 MB",
  async () => {
    const page = await reportPage(cityReport({ stations: 500, days: 400 }));
    expect(Buffer.byteLength(page)).toBeLessThan(300_000);
    expect(page).toContain("The other 440\u00a0counters have candidate MAEs from");
    expect(page).toContain("The newest 120 days of the window are shown");
  },
  patience,
);

test(
  "a candidate that is the champion over again is the same, not 0.0 % below",
  async () => {
    const { evaluation, ...rest } = cityReport({ stations: 3, days: 14 });
    const same = <T extends { candidate: Metrics }>(line: T) => ({ ...line, champion: line.candidate });
    const stations = evaluation.stations.map((line) => same(line));
    const report = { ...rest, evaluation: same({ ...evaluation, stations }) };
    const page = await reportPage(report);
    expect(page).toContain("the same as the champion");
    expect(page).toContain("at 0 of 3\u00a0counters, equal at 3");
  },
  patience,
);

test(
  "a search with one candidate and a run without a single row still have a page",
  async () => {
    const { training, data, ...rest } = cityReport({ stations: 3, days: 1 });
    const report: TrainerReport = {
      ...rest,
      training: { ...training, grid: training.grid.slice(0, 1), importance: [] },
      data: {
        ...data,
        rows: 0,
        stations: 0,
        waterfall: { ...data.waterfall, bike_count: 0, training_rows: 0 },
      },
    };
    const page = await reportPage(report);
    expect(sectionsOf(page)).toContain("grid");
    expect(page).not.toMatch(nothing);
  },
  patience,
);
