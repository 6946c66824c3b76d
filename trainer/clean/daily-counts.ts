import type { Day } from "../days.ts";

/**
 * One count per station-day in compressed rows: entries `start[d]` to `start[d + 1]` belong to `days[d]`, stations
 * ascending. 8 bytes a station-day however long the gaps are; a day or a station that was silent has no entry.
 */
export interface DailyCounts {
  readonly days: readonly Day[];
  /** One longer than `days`. */
  readonly start: Int32Array;
  readonly station: Int32Array;
  /** Counts a day, finite and not negative. */
  readonly count: Float32Array;
}

/** Grows a DailyCounts of at most `capacity` entries; memory is used only for what is written. */
export class DailyCountsBuilder {
  readonly #station: Int32Array;
  readonly #count: Float32Array;
  readonly #days: Day[] = [];
  readonly #start: number[] = [0];
  #length = 0;

  constructor(capacity: number) {
    this.#station = new Int32Array(capacity);
    this.#count = new Float32Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** Days must come in ascending order, stations ascending within a day. */
  add(day: Day, station: number, count: number): void {
    if (this.#days.at(-1) !== day) {
      this.#days.push(day);
      this.#start.push(this.#length);
    }
    this.#station[this.#length] = station;
    this.#count[this.#length] = count;
    this.#length++;
    this.#start[this.#days.length] = this.#length;
  }

  build(): DailyCounts {
    return {
      days: this.#days,
      start: Int32Array.from(this.#start),
      station: this.#station.subarray(0, this.#length),
      count: this.#count.subarray(0, this.#length),
    };
  }
}

/** Calls `visit` for every entry, days and stations ascending. */
export function forEachCount(
  counts: DailyCounts,
  visit: (day: Day, station: number, count: number, entry: number) => void,
): void {
  for (const [d, day] of counts.days.entries()) {
    const end = counts.start[d + 1] ?? 0;
    for (let entry = counts.start[d] ?? 0; entry < end; entry++) {
      visit(day, counts.station[entry] ?? 0, counts.count[entry] ?? 0, entry);
    }
  }
}

/** The entries that `keep` wants. */
export function filterCounts(counts: DailyCounts, keep: (day: Day, station: number) => boolean): DailyCounts {
  const kept = new DailyCountsBuilder(counts.count.length);
  forEachCount(counts, (day, station, count) => {
    if (keep(day, station)) kept.add(day, station, count);
  });
  return kept.build();
}
