import type { Waterfall } from "../../contract/trainer-report.ts";
import { dayText } from "../days.ts";
import type { Check } from "./check.ts";
import { counted, grouped } from "./facts.ts";

export const empty: Check = ({ readings }) => {
  const found = Object.entries(readings);
  const without = found.filter(([, count]) => count === 0).map(([table]) => table);
  return {
    passed: without.length === 0,
    value: found.map(([table, count]) => `${table} ${String(count)}`).join(", "),
    limit: "1 row each",
    message:
      without.length === 0
        ? "All three tables have rows"
        : `No rows in the span came from ${without.join(" and ")}; all three tables are needed: check the import, and since and until`,
  };
};

export const duplicates: Check = ({ conflicts }) => {
  const found = conflicts.counts + conflicts.weather;
  return {
    passed: found === 0,
    value: found,
    limit: 0,
    message:
      found === 0
        ? "Every duplicate can be told apart"
        : `${counted(found, "duplicate")} contradict each other and no column tells which is the later one; map one with source.columns.<table>.order`,
  };
};

export const rows: Check = ({ waterfall }, { minRows }) => ({
  passed: waterfall.training_rows >= minRows,
  value: waterfall.training_rows,
  limit: minRows,
  message:
    waterfall.training_rows >= minRows
      ? counted(waterfall.training_rows, "training row")
      : `${counted(waterfall.bike_count, "reading")} leave ${counted(waterfall.training_rows, "training row")}, expected at least ${grouped(minRows)}; ${largestDrop(waterfall)}`,
});

const steps = {
  null_or_negative: "were null or negative",
  duplicate: "were duplicates",
  partial_day: "belong to partial days",
  blacklisted: "are of blacklisted stations",
  excluded: "were excluded by source.exclude",
  no_weather: "have no weather on their day",
  no_lag: "have no count one or seven days earlier",
} as const satisfies Partial<Record<keyof Waterfall, string>>;

/** What the cleaning dropped most of. */
export function largestDrop(waterfall: Waterfall): string {
  const drops = Object.entries(steps).map(([step, what]) => ({
    what,
    count: waterfall[step as keyof typeof steps],
  }));
  const largest = drops.reduce((most, drop) => (drop.count > most.count ? drop : most));
  return largest.count === 0 ? "the history is too short" : `${grouped(largest.count)} ${largest.what}`;
}

export const age: Check = ({ newestReading: newest, asOf }, { maxAgeDays }) => {
  if (newest === undefined) return undefined;
  const days = asOf - newest;
  return {
    passed: days <= maxAgeDays,
    value: days,
    limit: maxAgeDays,
    message:
      days <= maxAgeDays
        ? `The newest count is of ${dayText(newest)}`
        : `The newest count is of ${dayText(newest)}, ${counted(days, "day")} before ${dayText(asOf)}, expected at most ${grouped(maxAgeDays)}; check the import of counts, or set source.asOf`,
  };
};

const mebibytes = (bytes: number): number => Math.ceil(bytes / 2 ** 20);

export const memory: Check = ({ predictedBytes, memoryLimitBytes }) => {
  if (memoryLimitBytes === undefined) return undefined;
  const passed = predictedBytes <= memoryLimitBytes;
  return {
    passed,
    value: mebibytes(predictedBytes),
    limit: mebibytes(memoryLimitBytes),
    message: passed
      ? `Training needs about ${grouped(mebibytes(predictedBytes))} MiB`
      : `Training needs about ${grouped(mebibytes(predictedBytes))} MiB, the container may use ${grouped(mebibytes(memoryLimitBytes))} MiB; raise job.resources.limits.memory or set source.since`,
  };
};
