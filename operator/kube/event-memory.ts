import { eventName, keyOf, type Occurrence } from "./event-object.ts";

/** One Event and its repetitions. */
export interface Series {
  readonly occurrence: Occurrence;
  /** Of the Event in the cluster. */
  readonly name: string;
  readonly firstAt: Date;
  lastAt: Date;
  /** Occurrences so far, and how many of them are written or given up. */
  count: number;
  settled: number;
  exists: boolean;
  failures: number;
  /** By the monotonic clock. */
  lastSeen: number;
  notBefore: number;
}

export interface Times {
  readonly now: Date;
  /** Milliseconds of the monotonic clock. */
  readonly monotonic: number;
}

/** After so long without a repetition, the next occurrence is a new Event; as client-go has it. */
const windowMilliseconds = 6 * 60_000;
/** That of client-go's cache too; some 10 MB. */
const mostSeries = 4096;

/** The Events of the last minutes, and which of them wait to be written. */
export class EventMemory {
  /** By what makes occurrences the same; the one seen longest ago comes first. */
  readonly #series = new Map<string, Series>();
  readonly #unsettled = new Set<Series>();

  /** Counts it, and returns those series that had to make room although they were not written. */
  add(occurrence: Occurrence, at: Times): readonly Series[] {
    const key = keyOf(occurrence);
    const series = this.#current(key, at) ?? startOf(occurrence, key, at);
    series.count++;
    series.lastAt = at.now;
    series.lastSeen = at.monotonic;
    this.#series.delete(key);
    this.#series.set(key, series);
    this.#unsettled.add(series);
    return this.#makeRoom(at);
  }

  get unsettled(): Iterable<Series> {
    return this.#unsettled;
  }

  /** The one to be written next, now or later. */
  next(): Series | undefined {
    let first: Series | undefined;
    for (const series of this.#unsettled) {
      if (first === undefined || series.notBefore < first.notBefore) first = series;
    }
    return first;
  }

  settle(series: Series, count: number): void {
    series.settled = count;
    if (series.settled === series.count) this.#unsettled.delete(series);
  }

  #current(key: string, at: Times): Series | undefined {
    const series = this.#series.get(key);
    return series === undefined || isOver(series, at) ? undefined : series;
  }

  #makeRoom(at: Times): readonly Series[] {
    const lost: Series[] = [];
    for (const [key, series] of this.#series) {
      if (this.#series.size <= mostSeries && !isOver(series, at)) break;
      this.#series.delete(key);
      if (this.#unsettled.delete(series)) lost.push(series);
    }
    return lost;
  }
}

const isOver = ({ lastSeen, settled, count }: Series, { monotonic }: Times): boolean =>
  settled === count && monotonic - lastSeen > windowMilliseconds;

const startOf = (occurrence: Occurrence, key: string, { now, monotonic }: Times): Series => ({
  occurrence,
  name: eventName(occurrence.regarding.name, key, now),
  firstAt: now,
  lastAt: now,
  count: 0,
  settled: 0,
  exists: false,
  failures: 0,
  lastSeen: monotonic,
  notBefore: monotonic,
});
