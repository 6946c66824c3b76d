import { z } from "zod";

/** What each side says of the matrix that it has made. */
export const Facts = z.object({
  rows: z.int(),
  stations: z.int(),
  columnSums: z.array(z.number()),
  targetSum: z.number(),
});
export type Facts = z.infer<typeof Facts>;

/** Sums of the same values in another order differ by rounding only. */
const rounding = 1e-9;

/** Throws an Error that says what differs, when two sides have not made the same matrix. */
export function demandSameMatrix(ours: Facts, peer: Facts): void {
  const columns = ours.columnSums.map((sum, column) => [sum, peer.columnSums[column] ?? Number.NaN] as const);
  const sums = [[ours.targetSum, peer.targetSum] as const, ...columns];
  const isSame =
    ours.rows === peer.rows &&
    ours.stations === peer.stations &&
    ours.columnSums.length === peer.columnSums.length &&
    sums.every(([a, b]) => isNear(a, b));
  if (isSame) return;
  throw new Error(
    `The sides have not made the same matrix: ours ${JSON.stringify(ours)}, the peer's ${JSON.stringify(peer)}`,
  );
}

/** A sum that is NaN has missing values in its column, on both sides. */
const isNear = (a: number, b: number): boolean =>
  Object.is(a, b) || Math.abs(a - b) <= rounding * Math.max(1, Math.abs(a), Math.abs(b));
