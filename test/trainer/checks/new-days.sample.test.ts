import { beforeAll, describe, expect, jest, test } from "@jest/globals";

import type { CheckName } from "../../../contract/checks.ts";
import type { CheckResult } from "../../../contract/trainer-report.ts";
import { judgeData } from "../../../trainer/checks/data-gate.ts";
import type { ChampionData } from "../../../trainer/checks/facts.ts";
import { DailyCountsBuilder, forEachCount, type DailyCounts } from "../../../trainer/clean/daily-counts.ts";
import { dayOf, type Day } from "../../../trainer/days.ts";
import { randomStream, type Random } from "../../../trainer/demo/generator/random.ts";
import { forEachRow } from "../../../trainer/features/lags.ts";
import type { History } from "../../../trainer/stages/clean.ts";
import { facts, input, waterfall } from "../../support/builders.ts";
import { sampleHistory } from "../../support/sample.ts";

jest.setTimeout(120_000);

const asked: readonly CheckName[] = ["rowsRatio", "stationsRatio", "level", "stationLevel", "stuck"];
const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const newest = dayOf("2024-12-06");
const spoiltFrom = dayOf("2024-11-07");

let history: History;
beforeAll(async () => {
  history = await sampleHistory();
});

interface Entry {
  readonly day: Day;
  readonly station: number;
  readonly count: number;
}

function entriesUpTo(last: Day): Entry[] {
  const { table } = history;
  const entries: Entry[] = [];
  forEachCount({ ...table, days: [...table.days] as Day[] }, (day, station, count) => {
    if (day <= last) entries.push({ day, station, count });
  });
  return entries;
}

function countsOf(entries: readonly Entry[]): DailyCounts {
  const builder = new DailyCountsBuilder(entries.length);
  const sorted = entries.toSorted((a, b) => a.day - b.day || a.station - b.station);
  for (const { day, station, count } of sorted) builder.add(day, station, count);
  return builder.build();
}

/** Training rows up to a day, and the stations that have any. */
function trainedOn(last: Day): Pick<ChampionData, "rows" | "stations"> {
  const { table, ids } = history;
  const stations = new Set<number | undefined>();
  let rows = 0;
  const isUsable = (d: number): boolean => table.usable[d] === 1 && (table.days[d] ?? Infinity) <= last;
  forEachRow(table, { stations: ids.length, isUsable }, (_d, entry) => {
    stations.add(table.station[entry]);
    rows++;
  });
  return { rows, stations: stations.size };
}

/** What the five checks find when the current version was trained through one day and the newest count is of another. */
function judged(dataThrough: string, entries: readonly Entry[]): CheckResult[] {
  const counts = countsOf(entries);
  const now = trainedOn(counts.days.at(-1) ?? newest);
  const known = facts([], {
    counts,
    ids: history.ids,
    waterfall: waterfall({ training_rows: now.rows }),
    trainingStations: now.stations,
    champion: { version: "v", ...trainedOn(dayOf(dataThrough)), dataThrough: dayOf(dataThrough) },
  });
  return judgeData(known, input().checks).filter(({ name }) => asked.includes(name));
}

const failing = (results: readonly CheckResult[]): string[] =>
  results.filter(({ passed }) => !passed).map(({ name }) => name);

const lastOfMonth = (offset: number): string =>
  new Date(Date.UTC(2023, 7 + offset, 0)).toISOString().slice(0, 10);
const months = Array.from({ length: 17 }, (_, i) => ({ through: lastOfMonth(i), to: lastOfMonth(i + 1) }));

test.each(months)("the real month after $through passes", ({ through, to }) => {
  const results = judged(through, entriesUpTo(Math.min(newest, dayOf(to)) as Day));
  expect(results.map(({ name }) => name)).toEqual(asked);
  expect(failing(results)).toEqual([]);
});

test("sixteen counters that repeated another one's counts for eleven days end a run right after them", () => {
  expect(failing(judged("2023-11-05", entriesUpTo(dayOf("2023-11-11"))))).toEqual(["stationLevel"]);
});

function shuffled<T>(values: readonly T[], random: Random): T[] {
  return values
    .map((value) => ({ value, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}

/** The month's counts in another order over the same station-days. */
function redistributed(month: readonly Entry[], random: Random): Entry[] {
  const counts = shuffled(
    month.map(({ count }) => count),
    random,
  );
  return month.map((entry, i) => ({ ...entry, count: counts[i] ?? 0 }));
}

const manipulations: Readonly<Record<string, (month: readonly Entry[], random: Random) => readonly Entry[]>> =
  {
    "multiplied by five": (month) => month.map((entry) => ({ ...entry, count: entry.count * 5 })),
    "all zero": (month) => month.map((entry) => ({ ...entry, count: 0 })),
    "shuffled among the stations on each day": (month, random) =>
      Object.values(Object.groupBy(month, ({ day }) => day)).flatMap((day = []) =>
        redistributed(day, random),
      ),
    "of other stations": (month, random) => {
      const other = shuffled([...history.ids.keys()], random);
      return month.map((entry) => ({ ...entry, station: other[entry.station] ?? 0 }));
    },
    "shuffled over all its station-days": redistributed,
  };

const spoilt = [
  { what: "multiplied by five", by: ["level"] },
  { what: "all zero", by: ["level", "stuck"] },
  { what: "shuffled among the stations on each day", by: ["stationLevel"] },
  { what: "of other stations", by: ["stationLevel"] },
  { what: "shuffled over all its station-days", by: ["stationLevel"] },
];

describe.each(["2024-11-06", "2024-09-30"])(
  "thirty spoilt days at the end of what is new since %s",
  (through) => {
    test.each(spoilt)("$what: $by", ({ what, by }) => {
      const entries = entriesUpTo(newest);
      const sound = entries.filter(({ day }) => day < spoiltFrom);
      const month = entries.filter(({ day }) => day >= spoiltFrom);
      for (const seed of seeds) {
        const manipulated = manipulations[what]?.(month, randomStream(seed, what)) ?? [];
        expect({ seed, failing: failing(judged(through, [...sound, ...manipulated])) }).toEqual({
          seed,
          failing: by,
        });
      }
    });
  },
);
