import { describe, expect, test } from "@jest/globals";

import { championColumns } from "../../../trainer/champion/champion-columns.ts";
import { dayText, type Day } from "../../../trainer/days.ts";
import { columnOf, featureNames, type FeatureName } from "../../../trainer/features/names.ts";
import { allRows, FeatureSource, type FeatureBatch } from "../../../trainer/features/source.ts";
import { cityHistory, cityStations } from "../evaluate/small-city.ts";

const { table, stations } = cityHistory({ stations: 3, days: 340 });
const own = [
  { id: "station-z", name: null, latitude: 1, longitude: 2 },
  { id: "station-c", name: null, latitude: 3, longitude: 4 },
  { id: "station-a", name: null, latitude: null, longitude: 6 },
];

function rewritten(holidayCountry: string): { batch: FeatureBatch; values: Float32Array } {
  const batch = new FeatureSource(table, allRows(table), 2000).next() as FeatureBatch;
  const values = batch.values.slice();
  championColumns({ stations: own, holidayCountry }, stations).rewrite(values, batch);
  return { batch, values };
}

describe("championColumns()", () => {
  const { batch, values } = rewritten("JP");
  const rowsOf = (station: number): number[] =>
    [...Array(batch.rows).keys()].filter((r) => batch.values[r] === station);
  const seen = (name: FeatureName, rows: readonly number[]): number[] => [
    ...new Set(rows.map((r) => values[columnOf(name) * batch.stride + r] ?? -1)),
  ];

  test.each([
    { station: "station-a", place: [2, NaN, 6] },
    { station: "station-b", place: [NaN, NaN, NaN] },
    { station: "station-c", place: [1, 3, 4] },
  ])("$station has the champion's number and place", ({ station, place }) => {
    const rows = rowsOf(cityStations(3).findIndex(({ id }) => id === station));
    expect(rows.length).toBeGreaterThan(300);
    expect((["station_id", "latitude", "longitude"] as const).map((name) => seen(name, rows))).toEqual(
      place.map((value) => [value]),
    );
  });

  test("knows the stations of its list by id", () => {
    const { knows } = championColumns({ stations: own, holidayCountry: "FR" }, stations);
    expect([0, 1, 2].map(knows)).toEqual([true, false, true]);
  });

  test.each([
    { country: "JP", holidays: ["2026-11-03", "2026-11-23"] },
    { country: "FR", holidays: ["2026-11-01", "2026-11-11"] },
  ])("holidays of November are those of $country", ({ country, holidays }) => {
    const { batch: days, values: columns } = rewritten(country);
    const start = columnOf("is_holiday") * days.stride;
    const found = days.days.subarray(0, days.rows).filter((_, r) => columns[start + r] === 1);
    const texts = [...new Set(found)].map((day) => dayText(day as Day));
    expect(texts.filter((day) => day.startsWith("2026-11"))).toEqual(holidays);
  });

  test("leaves every other column and the batch itself alone", () => {
    const replaced: FeatureName[] = ["station_id", "latitude", "longitude", "is_holiday"];
    for (const name of featureNames.filter((each) => !replaced.includes(each))) {
      const start = columnOf(name) * batch.stride;
      const [before, after] = [batch.values, values].map((all) => all.slice(start, start + batch.rows));
      expect(after).toEqual(before);
    }
    expect(seen("station_id", [0])).not.toEqual([batch.values[0]]);
  });
});
