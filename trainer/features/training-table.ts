import type { DailyCounts } from "../clean/daily-counts.ts";
import type { DayWeather } from "../clean/clean-weather.ts";
import type { Day } from "../days.ts";
import { forEachRow } from "./lags.ts";

/**
 * The cleaned history that features are generated from, in shared memory: every worker reads it in place, and
 * the 22 columns are never stored. A row of the training matrix is an entry whose day has weather and whose
 * station counted on day - 1 and day - 7 too; rows are ordered by (day, station id in byte order).
 */
export interface TrainingTable {
  /** Distinct days with a count, ascending, as days since 1970-01-01. */
  readonly days: Int32Array<SharedArrayBuffer>;
  /** First entry of each day, one longer than `days`. */
  readonly start: Int32Array<SharedArrayBuffer>;
  /** Training rows before each day, one longer than `days`. */
  readonly rowsBefore: Int32Array<SharedArrayBuffer>;
  /** Station of an entry: the index of its id in byte order. */
  readonly station: Int32Array<SharedArrayBuffer>;
  readonly count: Float32Array<SharedArrayBuffer>;
  /** 1 where a day may have training rows: in the span, and its weather is known. */
  readonly usable: Uint8Array<SharedArrayBuffer>;
  /** avg_temp °C, precipitation mm, wind km/h by day; NaN where unknown. */
  readonly weather: Float32Array<SharedArrayBuffer>;
  readonly holiday: Uint8Array<SharedArrayBuffer>;
  /** Latitude and longitude by station, degrees; NaN where unknown. */
  readonly coordinates: Float32Array<SharedArrayBuffer>;
}

export interface StationPlace {
  readonly latitude: number;
  readonly longitude: number;
}

const int32 = (values: ArrayLike<number>): Int32Array<SharedArrayBuffer> => {
  const shared = new Int32Array(new SharedArrayBuffer(values.length * 4));
  shared.set(values);
  return shared;
};
const float32 = (values: ArrayLike<number>): Float32Array<SharedArrayBuffer> => {
  const shared = new Float32Array(new SharedArrayBuffer(values.length * 4));
  shared.set(values);
  return shared;
};
const uint8 = (values: ArrayLike<number>): Uint8Array<SharedArrayBuffer> => {
  const shared = new Uint8Array(new SharedArrayBuffer(values.length));
  shared.set(values);
  return shared;
};

/** How the table's parts come together; stations of `counts` must already be indices in byte order of their ids. */
export function trainingTable(parts: {
  counts: DailyCounts;
  places: readonly StationPlace[];
  weatherOf: (day: Day) => DayWeather | undefined;
  isUsable: (day: Day) => boolean;
  isHoliday: (day: Day) => boolean;
}): TrainingTable {
  const { counts, places } = parts;
  const weather = counts.days.map((day) => parts.weatherOf(day));
  const usable = uint8(counts.days.map((day) => (parts.isUsable(day) ? 1 : 0)));
  return {
    days: int32(counts.days),
    start: int32(counts.start),
    rowsBefore: int32(rowsBefore(counts, usable, places.length)),
    station: int32(counts.station),
    count: float32(counts.count),
    usable,
    weather: float32(
      weather.flatMap((day) => [
        day?.avgTemp ?? Number.NaN,
        day?.precipitation ?? Number.NaN,
        day?.wind ?? Number.NaN,
      ]),
    ),
    holiday: uint8(counts.days.map((day) => (parts.isHoliday(day) ? 1 : 0))),
    coordinates: float32(places.flatMap(({ latitude, longitude }) => [latitude, longitude])),
  };
}

/** Training rows of the whole table. */
export const rowsOf = (table: TrainingTable): number => table.rowsBefore.at(-1) ?? 0;

function rowsBefore(counts: DailyCounts, usable: Uint8Array, stations: number): number[] {
  const rows = new Array<number>(counts.days.length + 1).fill(0);
  forEachRow(counts, { stations, isUsable: (d) => usable[d] === 1 }, (d) => {
    rows[d + 1] = (rows[d + 1] ?? 0) + 1;
  });
  for (let d = 1; d < rows.length; d++) rows[d] = (rows[d] ?? 0) + (rows[d - 1] ?? 0);
  return rows;
}
