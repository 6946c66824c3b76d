import type { Station } from "../clean/clean.ts";
import type { Day } from "../days.ts";
import type { RowCursor } from "./copy-row.ts";
import { ReadingLog, type Reading } from "./reading-log.ts";
import { StationCodes } from "./station-codes.ts";
import { WeatherLog } from "./weather-log.ts";

/** 2000-01-01, PostgreSQL's day 0, in days since 1970-01-01. */
const postgresEpoch = 10_957;
const longestId = 1024;

const dayAt = (row: RowCursor, field: number): Day => (row.int32(field) + postgresEpoch) as Day;
/** Microseconds; beyond the year 2284 the last bit may be lost, which no two readings of a day depend on. */
const timeAt = (row: RowCursor, field: number): number =>
  row.int64High(field) * 0x1_0000_0000 + row.int64Low(field);

const numberAt = (row: RowCursor, field: number): number => {
  if (row.isNull(field)) return Number.NaN;
  return row.isInteger(field) ? row.int32(field) : row.float64(field);
};

function float32At(row: RowCursor, field: number, exact = numberAt(row, field)): number {
  const stored = Math.fround(exact);
  if (Number.isFinite(exact) && !Number.isFinite(stored)) {
    throw row.unreadable(field, `${String(exact)} does not fit a 32-bit float`);
  }
  return stored;
}

/** Fills everything but station and value of a reading; false when the row has no date. */
function readMoment(row: RowCursor, into: Reading): boolean {
  if (row.isNull(0)) return false;
  if (row.isInfinite(0)) throw row.unreadable(0, "an infinite date has no day");
  into.day = dayAt(row, 0);
  into.time = timeAt(row, 1);
  into.orderHigh = row.isNull(2) ? -0x8000_0000 : row.int64High(2);
  into.orderLow = row.isNull(2) ? 0 : row.int64Low(2);
  return true;
}

const newReading = (): Reading => ({
  day: 0 as Day,
  station: 0,
  time: 0,
  orderHigh: 0,
  orderLow: 0,
  value: 0,
});

/** The readings of the counters, with what cleaning step 1 drops counted on the way. */
export class CountsReader {
  readonly log = new ReadingLog();
  readonly stations = new StationCodes();
  /** Readings of the span: all, and those null, negative or not finite. */
  readings = 0;
  nullOrNegative = 0;
  /** Readings before the span, for lags only. */
  lagOnly = 0;
  readonly #since: Day | undefined;
  readonly #reading = newReading();

  constructor(since: Day | undefined) {
    this.#since = since;
  }

  /** Takes a row of `countsQuery`. */
  readonly onRow = (row: RowCursor): void => {
    const hasDate = readMoment(row, this.#reading);
    const inSpan = !hasDate || this.#since === undefined || this.#reading.day >= this.#since;
    if (inSpan) this.readings++;
    else this.lagOnly++;
    if (hasDate && !row.isNull(3) && this.#readCount(row)) this.log.push(this.#reading);
    else if (inSpan) this.nullOrNegative++;
  };

  #readCount(row: RowCursor): boolean {
    const count = numberAt(row, 4);
    if (!Number.isFinite(count) || count < 0) return false;
    const [start, end] = [row.start(3), row.end(3)];
    if (end - start > longestId) {
      throw row.unreadable(
        3,
        `the id has ${String(end - start)} bytes, expected at most ${String(longestId)}`,
      );
    }
    this.#reading.station = this.#codeOf(row, start, end);
    this.#reading.value = float32At(row, 4, count);
    return true;
  }

  #codeOf(row: RowCursor, start: number, end: number): number {
    try {
      return this.stations.codeOf(row.buffer, start, end);
    } catch (cause) {
      throw row.unreadable(3, "the text is not valid UTF-8", cause);
    }
  }
}

/** Weather rows; a row in which nothing is known is dropped, so that it never hides a good one. */
export class WeatherReader {
  readonly weather = new WeatherLog();
  readings = 0;
  readonly #reading = newReading();

  /** Takes a row of `weatherQuery`. */
  readonly onRow = (row: RowCursor): void => {
    this.readings++;
    const [avgTemp = NaN, maxTemp = NaN, minTemp = NaN, precipitation = NaN, wind = NaN] = [
      3, 4, 5, 6, 7,
    ].map((field) => float32At(row, field));
    const values = { avgTemp, maxTemp, minTemp, precipitation, wind };
    const isEmpty = !Object.values(values).some(Number.isFinite);
    if (!isEmpty && readMoment(row, this.#reading)) this.weather.push(this.#reading, values);
  };
}

/** Stations by id; of duplicated ids the last row counts. */
export class StationsReader {
  readonly byId = new Map<string, Station>();
  readings = 0;

  /** Takes a row of `stationsQuery`. */
  readonly onRow = (row: RowCursor): void => {
    this.readings++;
    if (row.isNull(0)) return;
    const id = row.text(0);
    const place = { longitude: coordinateAt(row, 2), latitude: coordinateAt(row, 3) };
    this.byId.set(id, row.isNull(1) ? { id, ...place } : { id, name: row.text(1), ...place });
  };
}

const coordinateAt = (row: RowCursor, field: number): number => {
  const degrees = float32At(row, field);
  return Number.isFinite(degrees) ? degrees : Number.NaN;
};
