import type { Day } from "../days.ts";

const chunkBits = 18;
const chunkRows = 1 << chunkBits;
const chunkMask = chunkRows - 1;

interface Chunk {
  readonly day: Int32Array<ArrayBuffer>;
  readonly station: Int32Array<ArrayBuffer>;
  readonly time: Float64Array<ArrayBuffer>;
  readonly orderHigh: Int32Array<ArrayBuffer>;
  readonly orderLow: Uint32Array<ArrayBuffer>;
  readonly value: Float32Array<ArrayBuffer>;
}

const newChunk = (): Chunk => ({
  day: new Int32Array(chunkRows),
  station: new Int32Array(chunkRows),
  time: new Float64Array(chunkRows),
  orderHigh: new Int32Array(chunkRows),
  orderLow: new Uint32Array(chunkRows),
  value: new Float32Array(chunkRows),
});

/** One reading as it arrives. `time` tells instants of a day apart; its unit does not matter. */
export interface Reading {
  day: Day;
  station: number;
  time: number;
  /** The order column as a 64-bit integer in two halves, so that no id loses a bit. */
  orderHigh: number;
  orderLow: number;
  value: number;
}

/**
 * Readings in columns, 28 bytes each, in the order in which the database sent them. Chunks keep growth from
 * copying; days are stored as codes because one absurd date must not make a table of all days between.
 */
export class ReadingLog {
  readonly #chunks: Chunk[] = [];
  readonly #codeOfDay = new Map<Day, number>();
  readonly #days: Day[] = [];
  #length = 0;
  #lastDay: Day | undefined;
  #lastCode = 0;

  get length(): number {
    return this.#length;
  }

  /** The days met so far, by code. */
  get days(): readonly Day[] {
    return this.#days;
  }

  push(reading: Readonly<Reading>): void {
    const offset = this.#length & chunkMask;
    if (offset === 0) this.#chunks.push(newChunk());
    const chunk = this.#chunk(this.#length);
    chunk.day[offset] = this.#codeOf(reading.day);
    chunk.station[offset] = reading.station;
    chunk.time[offset] = reading.time;
    chunk.orderHigh[offset] = reading.orderHigh;
    chunk.orderLow[offset] = reading.orderLow;
    chunk.value[offset] = reading.value;
    this.#length++;
  }

  dayCode(position: number): number {
    return this.#chunk(position).day[position & chunkMask] ?? 0;
  }

  station(position: number): number {
    return this.#chunk(position).station[position & chunkMask] ?? 0;
  }

  time(position: number): number {
    return this.#chunk(position).time[position & chunkMask] ?? 0;
  }

  value(position: number): number {
    return this.#chunk(position).value[position & chunkMask] ?? 0;
  }

  /** Negative when the first reading's order key is the lower one. */
  compareOrder(first: number, second: number): number {
    const [a, b] = [this.#chunk(first), this.#chunk(second)];
    const high = (a.orderHigh[first & chunkMask] ?? 0) - (b.orderHigh[second & chunkMask] ?? 0);
    return high !== 0 ? high : (a.orderLow[first & chunkMask] ?? 0) - (b.orderLow[second & chunkMask] ?? 0);
  }

  /** Gives the memory back at once instead of at some later collection; the log is empty afterwards. */
  release(): void {
    for (const chunk of this.#chunks) {
      const { day, station, time, orderHigh, orderLow, value } = chunk;
      for (const column of [day, station, time, orderHigh, orderLow, value]) column.buffer.transfer(0);
    }
    this.#chunks.length = 0;
    this.#length = 0;
  }

  #chunk(position: number): Chunk {
    const chunk = this.#chunks[position >>> chunkBits];
    if (chunk === undefined) throw new RangeError(`No reading at position ${String(position)}`);
    return chunk;
  }

  #codeOf(day: Day): number {
    if (day === this.#lastDay) return this.#lastCode;
    let code = this.#codeOfDay.get(day);
    if (code === undefined) {
      code = this.#days.push(day) - 1;
      this.#codeOfDay.set(day, code);
    }
    this.#lastDay = day;
    this.#lastCode = code;
    return code;
  }
}
