import { z } from "zod";

import type { Waterfall } from "../../../contract/trainer-report.ts";
import type { Database } from "../../../trainer/demo/copy.ts";
import { featureNames } from "../../../trainer/features/names.ts";
import { frenchHolidays } from "./french-holidays.ts";

/** What the oracle is told about the tables; the SELECTs name their columns as the comments say. */
export interface OracleSource {
  /** ord, station, day, moment, value */
  readonly counts?: string;
  /** ord, day, moment, avg, max, min, rain, wind */
  readonly weather?: string;
  readonly hourlyCounts?: boolean;
  readonly hourlyWeather?: boolean;
  readonly since?: string;
  readonly until?: string;
  readonly blacklist?: readonly string[];
  /** A condition on station and day. */
  readonly excluded?: string;
}

const defaults = {
  counts: `SELECT id AS ord, station_id::text AS station, date::date AS day, date AS moment, intensity::float8 AS value FROM bike_count`,
  weather: `SELECT id AS ord, date::date AS day, date AS moment, nullif(avg_temp, 'NaN') AS avg, NULL::real AS max, NULL::real AS min,
    nullif(precipitation_mm, 'NaN') AS rain, nullif(vent_max, 'NaN') AS wind FROM weather`,
  hourlyCounts: false,
  hourlyWeather: false,
  since: "-infinity",
  until: "2026-12-01",
  blacklist: [] as readonly string[],
  excluded: "false",
};

const dailyCount = `SELECT station, day, value::real AS count FROM newest`;
const hourlyCount = `SELECT station, day, sum(value::real::float8)::real AS count FROM per_time
  GROUP BY station, day HAVING count(DISTINCT date_trunc('hour', moment)) >= 20`;

const dailySky = `SELECT DISTINCT ON (day) day, coalesce(avg, ((max::float8 + min) / 2)::real) AS avg, rain, wind
  FROM sky ORDER BY day, ord DESC`;
const hourlySky = `SELECT day, coalesce(avg(avg::float8), (max(max)::float8 + min(min)) / 2)::real AS avg,
    sum(rain::float8)::real AS rain, max(wind) AS wind
  FROM (SELECT DISTINCT ON (day, moment) * FROM sky ORDER BY day, moment, ord DESC) hours
  GROUP BY day HAVING count(DISTINCT date_trunc('hour', moment)) >= 20`;

/** Cleaning steps 1 to 5 as one chain of named queries; lags by window functions over days, not rows. */
function cleaning(source: OracleSource): string {
  const { counts, weather, hourlyCounts, hourlyWeather, excluded } = { ...defaults, ...source };
  return `WITH
  reading AS (SELECT *, day IS NULL OR day >= $<since>::date AS in_span FROM (${counts}) c
    WHERE day IS NULL OR (day < $<until>::date AND day >= coalesce($<since>::date - 7, '-infinity'))),
  valid AS (SELECT * FROM reading WHERE day IS NOT NULL AND station IS NOT NULL AND value >= 0 AND value < 'infinity'),
  newest AS (SELECT DISTINCT ON (station, day) * FROM valid ORDER BY station, day, ord DESC),
  per_time AS (SELECT DISTINCT ON (station, day, moment) * FROM valid ORDER BY station, day, moment, ord DESC),
  unique_reading AS (SELECT * FROM ${hourlyCounts ? "per_time" : "newest"}),
  day_count AS (${hourlyCounts ? hourlyCount : dailyCount}),
  listed AS (SELECT *, day >= $<since>::date AS in_span FROM day_count),
  kept AS (SELECT * FROM listed WHERE station <> ALL ($<blacklist>::text[]) AND NOT (${excluded})),
  lagged AS (SELECT *,
    max(count) OVER (PARTITION BY station ORDER BY day RANGE BETWEEN '1 day' PRECEDING AND '1 day' PRECEDING) AS lag_1,
    max(count) OVER (PARTITION BY station ORDER BY day RANGE BETWEEN '7 days' PRECEDING AND '7 days' PRECEDING) AS lag_7
    FROM kept),
  sky AS (SELECT * FROM (${weather}) w WHERE coalesce(avg, max, min, rain, wind) IS NOT NULL),
  day_sky AS (SELECT * FROM (${hourlyWeather ? hourlySky : dailySky}) d
    WHERE avg IS NOT NULL AND rain IS NOT NULL AND wind IS NOT NULL),
  lit AS (SELECT * FROM lagged JOIN day_sky USING (day) WHERE in_span),
  training AS (SELECT * FROM lit WHERE lag_1 IS NOT NULL AND lag_7 IS NOT NULL)`;
}

const features = `SELECT to_char(day, 'YYYY-MM-DD') AS day, station,
    dense_rank() OVER (ORDER BY station COLLATE "C") - 1 AS station_id,
    latitude::real, longitude::real, avg AS avg_temp, rain AS precipitation_mm, wind AS vent_max,
    extract(isodow FROM day)::int - 1 AS day_of_week, extract(doy FROM day)::int AS day_of_year,
    extract(month FROM day)::int AS month, extract(year FROM day)::int AS year,
    (extract(isodow FROM day) > 5)::int AS is_weekend, (day = ANY ($<holidays>::date[]))::int AS is_holiday,
    sin(2 * pi() * (extract(isodow FROM day)::int - 1) / 7)::real AS day_of_week_sin,
    cos(2 * pi() * (extract(isodow FROM day)::int - 1) / 7)::real AS day_of_week_cos,
    sin(2 * pi() * (extract(month FROM day)::int - 1) / 12)::real AS month_sin,
    cos(2 * pi() * (extract(month FROM day)::int - 1) / 12)::real AS month_cos,
    (rain > 1)::int AS is_rainy, (avg < 5)::int AS is_cold, (avg > 30)::int AS is_hot, (wind > 30)::int AS is_windy,
    lag_1, lag_7, count AS intensity
  FROM training LEFT JOIN counters_info ON counters_info.station_id::text = station
  ORDER BY day, station COLLATE "C"`;

const steps = `SELECT
    (SELECT count(*) FROM reading WHERE in_span)::int AS bike_count,
    ((SELECT count(*) FROM reading WHERE in_span) - (SELECT count(*) FROM valid WHERE in_span))::int AS null_or_negative,
    ((SELECT count(*) FROM valid WHERE in_span) - (SELECT count(*) FROM unique_reading WHERE in_span))::int AS duplicate,
    (SELECT count(*) FROM unique_reading u WHERE in_span
      AND NOT EXISTS (SELECT FROM day_count d WHERE d.station = u.station AND d.day = u.day))::int AS partial_day,
    (SELECT count(*) FROM listed WHERE in_span AND station = ANY ($<blacklist>::text[]))::int AS blacklisted,
    ((SELECT count(*) FROM listed WHERE in_span AND station <> ALL ($<blacklist>::text[]))
      - (SELECT count(*) FROM kept WHERE in_span))::int AS excluded,
    ((SELECT count(*) FROM kept WHERE in_span) - (SELECT count(*) FROM lit))::int AS no_weather,
    ((SELECT count(*) FROM lit) - (SELECT count(*) FROM training))::int AS no_lag,
    (SELECT count(*) FROM training)::int AS training_rows`;

const holidays = [2023, 2024, 2025, 2026].flatMap(frenchHolidays);
const cell = z.union([z.number(), z.string(), z.null()]);

/** The waterfall and the matrix as PostgreSQL computes them: day, station, the 22 features and the label. */
export async function askPostgres(
  db: Database,
  source: OracleSource = {},
): Promise<{ readonly waterfall: Waterfall; readonly matrix: (string | number)[][] }> {
  const { since, until, blacklist } = { ...defaults, ...source };
  const values = { since, until, blacklist, holidays };
  const chain = cleaning(source);
  const [waterfall] = z.array(z.custom<Waterfall>()).parse(await db.any(`${chain} ${steps}`, values));
  const rows = z.array(z.record(z.string(), cell)).parse(await db.any(`${chain} ${features}`, values));
  if (waterfall === undefined) throw new Error("PostgreSQL has not answered");
  return { waterfall, matrix: rows.map(matrixRow) };
}

function matrixRow(row: Readonly<Record<string, string | number | null>>): (string | number)[] {
  const numbers = [...featureNames, "intensity"].map((name) => Math.fround(Number(row[name] ?? NaN)));
  return [String(row["day"]), String(row["station"]), ...numbers];
}
