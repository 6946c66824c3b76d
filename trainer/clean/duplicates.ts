import type { ReadingLog } from "../extract/reading-log.ts";

const microsecondsOfHour = 3_600_000_000;

/** The position with the highest order key; of equal keys the one that arrived last. */
export function latest(log: ReadingLog, positions: readonly number[]): number {
  return positions.reduce((best, position) => {
    const order = log.compareOrder(position, best);
    return order > 0 || (order === 0 && position > best) ? position : best;
  });
}

/** For each distinct time the position with the highest order key. `positions` are sorted by time, then order. */
export function latestPerTime(log: ReadingLog, positions: readonly number[]): number[] {
  return positions.filter((position, i) => {
    const next = positions[i + 1];
    return next === undefined || log.time(next) !== log.time(position);
  });
}

/** How many different hours the positions, sorted by time, fall into. */
export function hoursOf(log: ReadingLog, positions: readonly number[]): number {
  let [hours, last] = [0, Number.NaN];
  for (const position of positions) {
    const hour = Math.floor(log.time(position) / microsecondsOfHour);
    if (hour !== last) hours++;
    last = hour;
  }
  return hours;
}
