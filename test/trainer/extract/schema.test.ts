import { describe, expect, test } from "@jest/globals";

import type { RetrainRunSpec } from "../../../contract/retrain-run.ts";
import { planSource, type FoundTable } from "../../../trainer/extract/schema.ts";
import { input } from "../../support/builders.ts";

type Columns = Readonly<Record<string, string>>;
const found = (columns: Columns): FoundTable => ({
  columns: new Map(Object.entries(columns).map(([name, dataType]) => [name, { dataType }])),
});

const local = "timestamp without time zone";
const usual = {
  bikeCount: { id: "integer", date: local, station_id: "character varying", intensity: "integer" },
  weather: { id: "integer", date: local, avg_temp: "real", precipitation_mm: "real", vent_max: "real" },
  countersInfo: { station_id: "character varying", name: "text", longitude: "numeric", latitude: "numeric" },
};
type Tables = Partial<Record<keyof typeof usual, Columns | undefined>>;

function planned(tables: Tables = {}, source: RetrainRunSpec["source"] = {}) {
  const { bikeCount, weather, countersInfo } = { ...usual, ...tables };
  return planSource(input({ source }).source, {
    bikeCount: bikeCount && found(bikeCount),
    weather: weather && found(weather),
    countersInfo: countersInfo && found(countersInfo),
  });
}

const problemsOf = (...given: Parameters<typeof planned>): readonly string[] => {
  const result = planned(...given);
  return "problems" in result ? result.problems : [];
};
const planOf = (...given: Parameters<typeof planned>) => {
  const result = planned(...given);
  if ("problems" in result) throw new Error(result.problems.join("\n"));
  return result.plan;
};
const without = (columns: Columns, ...names: string[]): Columns =>
  Object.fromEntries(Object.entries(columns).filter(([name]) => !names.includes(name)));

describe("planSource() of sound tables", () => {
  test("finds every column with its type", () => {
    const plan = planOf();
    expect(plan.bikeCount).toEqual({
      table: "bike_count",
      stationId: { name: "station_id", dataType: "character varying" },
      date: { name: "date", dataType: local },
      intensity: { name: "intensity", dataType: "integer" },
      order: { name: "id", dataType: "integer" },
    });
    expect(plan.weather).toMatchObject({
      avgTemp: { name: "avg_temp" },
      maxTemp: undefined,
      minTemp: undefined,
    });
    expect(plan.countersInfo).toMatchObject({ name: { name: "name" }, latitude: { name: "latitude" } });
  });

  test("takes Open-Meteo's names where the built-in ones are missing", () => {
    const weather = {
      ...{
        date: "date",
        temperature_2m_mean: "real",
        temperature_2m_max: "real",
        temperature_2m_min: "real",
      },
      ...{ precipitation_sum: "real", wind_speed_10m_max: "double precision" },
    };
    expect(planOf({ weather }).weather).toMatchObject({
      avgTemp: { name: "temperature_2m_mean" },
      maxTemp: { name: "temperature_2m_max" },
      minTemp: { name: "temperature_2m_min" },
      precipitation: { name: "precipitation_sum" },
      wind: { name: "wind_speed_10m_max" },
    });
  });

  test("the built-in name comes first where a table has both", () => {
    const weather = { ...usual.weather, precipitation_sum: "real" };
    expect(planOf({ weather }).weather.precipitation.name).toBe("precipitation_mm");
  });
});

describe("planSource() of tables that lack something", () => {
  test.each([
    {
      what: "order column of counts",
      plan: planOf({ bikeCount: without(usual.bikeCount, "id") }).bikeCount.order,
    },
    {
      what: "order column of weather",
      plan: planOf({ weather: without(usual.weather, "id") }).weather.order,
    },
    {
      what: "name of stations",
      plan: planOf({ countersInfo: without(usual.countersInfo, "name") }).countersInfo.name,
    },
    { what: "mapped order", plan: planOf({}, { columns: { bikeCount: { order: null } } }).bikeCount.order },
  ])("a built-in $what may be missing", ({ plan }) => {
    expect(plan).toBeUndefined();
  });

  test("the mean temperature may be missing only where both extremes are there", () => {
    const extremes = { temperature_2m_max: "real", temperature_2m_min: "real" };
    const weather = without(usual.weather, "avg_temp");
    expect(planOf({ weather: { ...weather, ...extremes } }).weather.avgTemp).toBeUndefined();
    expect(problemsOf({ weather: { ...weather, temperature_2m_max: "real" } })).toHaveLength(1);
    expect(problemsOf({ weather })).toEqual([
      expect.stringContaining("table weather has no column avg_temp"),
    ]);
  });
});

describe("planSource() of tables that cannot be read", () => {
  test.each<{ problem: string; tables?: Tables; source?: RetrainRunSpec["source"] }>([
    {
      problem: "there is no table bike_count; create it or map another with source.tables.bikeCount",
      tables: { bikeCount: undefined },
    },
    {
      problem: "there is no table city.sky; create it or map another with source.tables.weather",
      tables: { weather: undefined },
      source: { tables: { weather: "city.sky" } },
    },
    {
      problem:
        "table bike_count has no column intensity (it has id, date); map it with source.columns.bikeCount.intensity",
      tables: { bikeCount: without(usual.bikeCount, "intensity", "station_id") },
    },
    {
      problem: "map it with source.columns.bikeCount.order",
      source: { columns: { bikeCount: { order: "created_at" } } },
    },
    {
      problem: "map it with source.columns.countersInfo.name",
      source: { columns: { countersInfo: { name: "label" } } },
    },
    {
      problem:
        "column bike_count.intensity has type text; expected smallint, integer, bigint, numeric, real, double precision",
      tables: { bikeCount: { ...usual.bikeCount, intensity: "text" } },
    },
    {
      problem:
        "column bike_count.date has type text; expected date, timestamp without time zone, timestamp with time zone",
      tables: { bikeCount: { ...usual.bikeCount, date: "text" } },
    },
    {
      problem: "column counters_info.station_id has type integer; expected text, character varying, uuid",
      tables: { countersInfo: { ...usual.countersInfo, station_id: "integer" } },
    },
    {
      problem: "column weather.id has type uuid; expected smallint, integer, bigint, date",
      tables: { weather: { ...usual.weather, id: "uuid" } },
    },
  ])("$problem", ({ problem, tables, source }) => {
    expect(problemsOf(tables, source)).toContainEqual(expect.stringContaining(problem));
  });

  test("a missing table is one problem, not one for each of its columns", () => {
    expect(problemsOf({ weather: undefined })).toHaveLength(1);
  });

  test("everything is told at once", () => {
    const problems = problemsOf({
      bikeCount: { id: "integer", date: "text", station_id: "integer" },
      weather: undefined,
      countersInfo: without(usual.countersInfo, "latitude", "longitude"),
    });
    expect(problems).toHaveLength(6);
  });
});
