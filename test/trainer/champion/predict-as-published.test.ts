import { describe, expect, test } from "@jest/globals";

import { predictAsPublished } from "../../../trainer/champion/predict-as-published.ts";
import { lastDays, type Window } from "../../../trainer/evaluate/window.ts";
import type { History } from "../../../trainer/stages/clean.ts";
import { blockOf, rowsByName } from "../evaluate/block-of.ts";
import { cityHistory, cityPool, cityStations, firstDay } from "../evaluate/small-city.ts";
import { publishedOf } from "./published-city.ts";

describe("predictAsPublished()", () => {
  test("with the table's own stations gives what the pool gives for the table's own rows, to the last bit", async () => {
    const history = cityHistory();
    await using pool = await cityPool(history.table);
    const champion = await publishedOf(history, pool);
    const window = lastDays(history.table, 60) as Window;
    const found = await predictAsPublished(champion, history, window, { pool, nthread: 1 });
    expect(found).toEqual(await pool.predict(champion.model, window.rows));
    expect(new Set(found).size).toBeGreaterThan(50);
  });

  test("with another list gives for the shared stations what a matrix of its own numbers and places gives", async () => {
    const now = cityHistory();
    const then = champions();
    const champion = await trainedOn(then);
    await using pool = await cityPool(now.table);
    const window = lastDays(now.table, 30) as Window;
    const found = await predictAsPublished(champion, now, window, { pool, nthread: 1 });

    const rows = rowsByName(now).slice(window.rows.from, window.rows.to);
    const shared = rows.flatMap(({ id, features }, row) => {
      const number = then.ids.indexOf(id);
      const place = then.stations[number];
      if (place === undefined) return [];
      const { latitude, longitude } = place;
      return [{ row, features: { ...features, station_id: number, latitude, longitude } }];
    });
    const expected = await pool.predictRows(champion.model, blockOf(shared.map(({ features }) => features)));
    expect(shared.length).toBe((rows.length * 5) / 6);
    expect(shared.map(({ row }) => found[row])).toEqual([...expected]);

    const own = await pool.predict(champion.model, window.rows); // as if today's numbers were the champion's
    expect(shared.filter(({ row }) => found[row] !== own[row]).length).toBeGreaterThan(20);
  });
});

/** Without the second of today's stations, with one that is gone today; every station stood elsewhere. */
function champions(): History {
  const gone = 6;
  const history = cityHistory({
    stations: 7,
    days: 100,
    count: (day, station, usual) =>
      station === 1 || (station === gone && day > firstDay + 60) ? undefined : usual,
  });
  const stations = history.stations.map((place) => ({ ...place, latitude: place.latitude + 0.3 }));
  expect(history.ids).toEqual(cityStations(7).flatMap(({ id }, s) => (s === 1 ? [] : [id])));
  return { ...history, stations };
}

async function trainedOn(history: History) {
  await using pool = await cityPool(history.table, 1);
  return await publishedOf(history, pool);
}
