import { z } from "zod";

import { ColumnName, DayText, DaysDuration, StationId, TableName, TimeZone } from "./words.ts";

/** `auto`: hourly when more than half of the station-days have two distinct times or more. */
export const Granularity = z.enum(["auto", "daily", "hourly"]);
export type Granularity = z.infer<typeof Granularity>;

const order = ColumnName.nullable().describe(
  "Column that tells which of two duplicates is the later one, null for none; a default that the table lacks counts as none",
);

const dateColumn = ColumnName.describe("date, timestamp (local time of timeZone) or timestamptz");
const stationColumn = ColumnName.describe("The station's id, which joins readings and stations");

export const Tables = z.strictObject({
  bikeCount: TableName.describe("Readings of the counters"),
  weather: TableName.describe("City-wide weather, one row a day or an hour"),
  countersInfo: TableName.describe("One row a station"),
});

export const Columns = z.strictObject({
  bikeCount: z.strictObject({
    stationId: stationColumn,
    date: dateColumn,
    intensity: ColumnName.describe("Bicycles counted"),
    order,
  }),
  weather: z.strictObject({
    date: dateColumn,
    avgTemp: ColumnName.describe("Mean temperature, °C"),
    maxTemp: ColumnName.describe("Highest temperature, °C; used where the mean is missing; may be absent"),
    minTemp: ColumnName.describe("Lowest temperature, °C; used where the mean is missing; may be absent"),
    precipitation: ColumnName.describe("Precipitation, mm"),
    wind: ColumnName.describe("Highest wind speed, km/h"),
    order,
  }),
  countersInfo: z.strictObject({
    stationId: stationColumn,
    name: ColumnName.describe("Name for people; may be absent"),
    longitude: ColumnName.describe("Degrees east"),
    latitude: ColumnName.describe("Degrees north"),
  }),
});
export type Columns = z.infer<typeof Columns>;

export const Exclusion = z.strictObject({
  stations: z.array(StationId).max(1000).optional().describe("Stations concerned; all when absent"),
  from: DayText.optional().describe("First day taken out; from the beginning when absent"),
  to: DayText.optional().describe("Last day taken out, inclusive; to the end when absent"),
  why: z.string().min(1).max(200).describe("The reason, repeated in the report"),
});
export type Exclusion = z.infer<typeof Exclusion>;

export const Source = z.strictObject({
  secretRef: z
    .strictObject({
      name: z
        .string()
        .min(1)
        .max(253)
        .describe("Secret in the run's namespace; only one that the operator's configuration allows"),
      key: z.string().min(1).max(253).describe("Key of the Secret's data"),
    })
    .describe("Secret whose key holds DATABASE_URL"),
  timeZone: TimeZone,
  tables: Tables,
  columns: Columns,
  granularity: z.strictObject({
    bikeCount: Granularity.describe("Rows of the readings; auto looks at the data"),
    weather: Granularity.describe("Rows of the weather; auto looks at the data"),
  }),
  asOf: z.iso
    .datetime({ offset: true })
    .optional()
    .describe("The run's clock, e.g. 2026-12-01T02:00:00Z. Default: now"),
  since: z
    .union([DayText, DaysDuration], "expected a day such as 2026-12-01, or a duration such as P3Y or P18M")
    .optional()
    .describe("First day, inclusive: a day, or a duration back from until. Default: all history"),
  until: DayText.optional().describe(
    "Day after the last one. Default: asOf's local day, so today never counts",
  ),
  blacklist: z.array(StationId).max(10000).describe("Stations whose counts are never used"),
  exclude: z.array(Exclusion).max(1000).describe("Known outages taken out of the counts"),
});
export type Source = z.infer<typeof Source>;

export const Features = z.strictObject({
  holidayCountry: z
    .string()
    .regex(/^[A-Z]{2}$/, { error: "expected an ISO 3166 country code such as FR", abort: true })
    .max(2)
    .describe("Country whose national public holidays make is_holiday"),
});
