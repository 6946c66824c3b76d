import { Buffer } from "node:buffer";

import { DailyCountsBuilder, type DailyCounts } from "./daily-counts.ts";

/** Positions of ids in the order of their UTF-8 bytes, which is not JavaScript's own string order. */
export function byteOrder(ids: readonly string[]): number[] {
  const bytes = ids.map((id) => Buffer.from(id, "utf8"));
  const positions = [...ids.keys()];
  const none = Buffer.alloc(0);
  return positions.sort((a, b) => Buffer.compare(bytes[a] ?? none, bytes[b] ?? none));
}

/** Station `order[i]` becomes `i`; entries of a day are sorted again. */
export function renameStations(counts: DailyCounts, order: readonly number[]): DailyCounts {
  const rank = new Int32Array(order.length);
  for (const [i, code] of order.entries()) rank[code] = i;
  const renamed = new DailyCountsBuilder(counts.count.length);
  for (const [d, day] of counts.days.entries()) {
    const entries: number[] = [];
    for (let entry = counts.start[d] ?? 0; entry < (counts.start[d + 1] ?? 0); entry++) entries.push(entry);
    const rankOf = (entry: number): number => rank[counts.station[entry] ?? 0] ?? 0;
    entries.sort((a, b) => rankOf(a) - rankOf(b));
    for (const entry of entries) renamed.add(day, rankOf(entry), counts.count[entry] ?? 0);
  }
  return renamed.build();
}
