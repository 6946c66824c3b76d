/** The layout that DailyCounts and TrainingTable share. */
export interface CompressedDays {
  readonly days: ArrayLike<number>;
  readonly start: ArrayLike<number>;
  readonly station: ArrayLike<number>;
}

/** For the entries of one day: the entry of the same station 1 and 7 days earlier, -1 where it was silent. */
export class LagEntries {
  readonly lag1: Int32Array;
  readonly lag7: Int32Array;
  readonly #table: CompressedDays;

  constructor(table: CompressedDays, stations: number) {
    this.#table = table;
    this.lag1 = new Int32Array(stations);
    this.lag7 = new Int32Array(stations);
  }

  /** Looks both lags up for the day at index `d`. By day, never by row: a missing day must not shift a week. */
  lookUp(d: number): void {
    this.#match(d, 1, this.lag1);
    this.#match(d, 7, this.lag7);
  }

  /** Entries of the day, of which `i` counts from the day's first. */
  entriesOf(d: number): { from: number; to: number } {
    return { from: this.#table.start[d] ?? 0, to: this.#table.start[d + 1] ?? 0 };
  }

  hasBoth(i: number): boolean {
    return this.lag1[i] !== -1 && this.lag7[i] !== -1;
  }

  #match(d: number, back: number, into: Int32Array): void {
    const { from, to } = this.entriesOf(d);
    const earlier = this.#indexOfEarlierDay(d, back);
    if (earlier === -1) {
      into.fill(-1, 0, to - from);
      return;
    }
    const end = this.entriesOf(earlier).to;
    let candidate = this.entriesOf(earlier).from;
    for (let entry = from; entry < to; entry++) {
      const wanted = this.#station(entry);
      while (candidate < end && this.#station(candidate) < wanted) candidate++;
      into[entry - from] = candidate < end && this.#station(candidate) === wanted ? candidate : -1;
    }
  }

  #station(entry: number): number {
    return this.#table.station[entry] ?? 0;
  }

  #indexOfEarlierDay(d: number, back: number): number {
    const { days } = this.#table;
    const wanted = (days[d] ?? 0) - back;
    for (let earlier = d - 1; earlier >= Math.max(0, d - back); earlier--) {
      if (days[earlier] === wanted) return earlier;
    }
    return -1;
  }
}

/** Calls `visit` with day index and entry for every entry that has both lags. */
export function forEachRow(
  table: CompressedDays,
  options: { stations: number; isUsable: (d: number) => boolean },
  visit: (d: number, entry: number) => void,
): void {
  const lags = new LagEntries(table, options.stations);
  for (let d = 0; d < table.days.length; d++) {
    if (!options.isUsable(d)) continue;
    lags.lookUp(d);
    const { from, to } = lags.entriesOf(d);
    for (let entry = from; entry < to; entry++) if (lags.hasBoth(entry - from)) visit(d, entry);
  }
}
