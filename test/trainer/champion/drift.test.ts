import { describe, expect, test } from "@jest/globals";

import { championDrift } from "../../../trainer/champion/drift.ts";
import type { PublishedModel } from "../../../trainer/champion/published-model.ts";
import { newDataError } from "../../../trainer/evaluate/new-data.ts";
import { recentError } from "../../../trainer/evaluate/recent.ts";
import { lastDays, type Window } from "../../../trainer/evaluate/window.ts";
import { allRows } from "../../../trainer/features/source.ts";
import type { History } from "../../../trainer/stages/clean.ts";
import { report } from "../../support/builders.ts";
import { cityHistory, cityPool, firstDay, type City } from "../evaluate/small-city.ts";
import { publishedOf, smallFit } from "./published-city.ts";

const then = cityHistory({ stations: 5, days: 130 });

/** A version with what its run said about its newest training days. */
async function champion(history: History = then): Promise<PublishedModel> {
  await using pool = await cityPool(history.table, 1);
  const published = await publishedOf(history, pool);
  const recent = await recentError(history, published.model, pool, 1);
  const training = { recent } as NonNullable<ReturnType<typeof report>["training"]>;
  return { ...published, report: report({ training }) };
}

async function driftIn(city: City, published: PublishedModel) {
  const history = cityHistory(city);
  await using pool = await cityPool(history.table, 1);
  return await championDrift(history, published, pool, 1);
}

describe("championDrift()", () => {
  test("finds the very error that the champion reported when its rows are as they were", async () => {
    const published = await champion();
    const found = await driftIn({ stations: 6, days: 160 }, published); // a month later, one station more
    expect(published.report.training?.recent).toMatchObject({
      from: "2026-02-09",
      to: "2026-05-10",
      n: 91 * 5,
    });
    const mae = published.report.training?.recent?.mae ?? NaN;
    expect(found).toEqual({
      from: "2026-02-09",
      to: "2026-05-10",
      then: mae,
      now: mae,
      n: 91 * 5,
      nThen: 91 * 5,
    });
    expect(mae).toBeGreaterThan(0);
  });

  test("finds a history whose stations were exchanged", async () => {
    const published = await champion();
    const exchanged: City = { stations: 5, days: 160, count: (day, s) => usualOf(day, (s + day) % 5) };
    const { then: before, now } = (await driftIn(exchanged, published)) ?? { then: NaN, now: NaN };
    expect(now).toBeGreaterThan(3 * before);
  });

  test("has nothing to compare when the champion said nothing, and says when none of its rows is left", async () => {
    const published = await champion();
    expect(await driftIn({ days: 160 }, { ...published, report: report() })).toBeUndefined();
    const later: City = { days: 160, count: (day, _s, usual) => (day > firstDay + 131 ? usual : undefined) };
    const gone = { n: 0, nThen: 91 * 5, now: NaN };
    expect(await driftIn(later, published)).toMatchObject(gone);
    const others = published.preprocessor.stations.map((place) => ({ ...place, id: `old-${place.id}` }));
    const renamed = { ...published, preprocessor: { ...published.preprocessor, stations: others } };
    expect(await driftIn({ days: 160 }, renamed)).toMatchObject(gone);
  });
});

/** The usual count of another station. */
const usualOf = (day: number, station: number): number => 60 + 45 * station + (day % 9);

describe("recentError()", () => {
  test("is unknown without a row", async () => {
    const { table } = cityHistory({ days: 7 });
    await using pool = await cityPool(then.table, 1);
    expect(await recentError({ table }, new Uint8Array(), pool, 1)).toBeUndefined();
  });
});

describe("newDataError()", () => {
  test("shows what a spoilt window does to the days before it", async () => {
    const spoilt = cityHistory({
      days: 150,
      count: (day, s, usual) => (day < firstDay + 120 ? usual : 100 * ((day * 7 + s * 5) % 11)),
    });
    const window = lastDays(spoilt.table, 30) as Window;
    await using pool = await cityPool(spoilt.table);
    const [final, candidate] = await Promise.all([
      pool.fit({ range: allRows(spoilt.table), ...smallFit }),
      pool.fit({ range: { from: 0, to: window.rows.from }, ...smallFit }),
    ]);
    const ask = { final: final.model, without: candidate.model, window, pool, nthread: 1 };
    const found = await newDataError(spoilt, ask);
    expect(found).toMatchObject({ n: 28 * 6 });
    expect(found?.final).toBeGreaterThan(1.15 * (found?.candidate ?? NaN));

    const same = await newDataError(spoilt, { ...ask, final: candidate.model });
    expect(same?.final).toBe(found?.candidate);
    expect(await newDataError(spoilt, { ...ask, window: { from: firstDay } })).toBeUndefined();
  });
});
