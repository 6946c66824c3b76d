import type { Day } from "../days.ts";
import type { ReadingLog } from "../extract/reading-log.ts";

/** All readings of one station on one day: positions in the log, by time, equal times by order key. */
export interface Cell {
  readonly day: Day;
  readonly station: number;
  readonly positions: readonly number[];
}

/**
 * Visits the log's readings cell by cell, days ascending, stations by code within a day. A counting sort by day
 * and a bucket pass by station, so that PostgreSQL need not sort the history (measured: docs/adr).
 */
export function forEachCell(log: ReadingLog, stations: number, visit: (cell: Cell) => void): void {
  const byDay = sortedByDay(log);
  const buckets: number[][] = Array.from({ length: stations }, () => []);
  for (const { day, from, to } of byDay.segments) {
    const present = fillBuckets(log, byDay.positions.subarray(from, to), buckets);
    for (const station of present) {
      const positions = buckets[station] ?? [];
      if (positions.length > 1) positions.sort((a, b) => compareReadings(log, a, b));
      visit({ day, station, positions });
      positions.length = 0;
    }
  }
}

/** By time, then by order key, then as they arrived. */
const compareReadings = (log: ReadingLog, a: number, b: number): number =>
  log.time(a) - log.time(b) || log.compareOrder(a, b) || a - b;

function fillBuckets(log: ReadingLog, positions: Uint32Array, buckets: number[][]): number[] {
  const present: number[] = [];
  for (const position of positions) {
    const station = log.station(position);
    const bucket = buckets[station];
    if (bucket === undefined) throw new RangeError(`No station has the code ${String(station)}`);
    if (bucket.push(position) === 1) present.push(station);
  }
  return present.sort((a, b) => a - b);
}

interface ByDay {
  readonly positions: Uint32Array;
  readonly segments: readonly { readonly day: Day; readonly from: number; readonly to: number }[];
}

function sortedByDay(log: ReadingLog): ByDay {
  const count = new Uint32Array(log.days.length);
  for (let position = 0; position < log.length; position++) {
    const code = log.dayCode(position);
    count[code] = (count[code] ?? 0) + 1;
  }
  const next = new Uint32Array(log.days.length);
  const segments: { day: Day; from: number; to: number }[] = [];
  const codes = [...log.days.entries()].sort(([, a], [, b]) => a - b);
  let from = 0;
  for (const [code, day] of codes) {
    next[code] = from;
    segments.push({ day, from, to: from + (count[code] ?? 0) });
    from += count[code] ?? 0;
  }
  const positions = new Uint32Array(log.length);
  for (let position = 0; position < log.length; position++) {
    const code = log.dayCode(position);
    const target = next[code] ?? 0;
    positions[target] = position;
    next[code] = target + 1;
  }
  return { positions, segments };
}
