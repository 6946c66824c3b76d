import { RunFailure } from "../errors.ts";

/** "1,234.56" in messages, whatever the machine's locale. */
export const figure = (value: number): string => value.toLocaleString("en-US", { maximumFractionDigits: 2 });

/** "5 % below", "3 % above". */
export const belowOrAbove = (percent: number): string =>
  `${figure(Math.abs(percent))} % ${percent < 0 ? "above" : "below"}`;

/** Rounding errors must not decide: a value at its limit is within. */
const slack = (limit: number): number => 1e-9 * Math.max(1, Math.abs(limit));
export const atMost = (value: number, limit: number): boolean => value <= limit + slack(limit);
export const atLeast = (value: number, limit: number): boolean => value >= limit - slack(limit);

/** The value itself. Throws RunFailure("Bug") unless it is finite, for a comparison with NaN would decide at random. */
export function known(value: number, what: string): number {
  if (Number.isFinite(value)) return value;
  throw new RunFailure("Bug", `Cannot ask the gate: ${what} is ${String(value)}, expected a finite number`);
}
