import type { Check, Finding } from "./check.ts";
import { grouped } from "./facts.ts";
import { largestDrop } from "./limits.ts";

/** A span that moves keeps its length, and a city its counters: what shrinks by a tenth was lost. */
export const rowsRatio: Check = ({ waterfall, champion }, { minRowsPercent }) =>
  champion === undefined
    ? undefined
    : ratioTo(champion, {
        found: waterfall.training_rows,
        known: champion.rows,
        noun: "training rows",
        limit: minRowsPercent,
        advice: `${largestDrop(waterfall)}: check the import, source.since and source.exclude, or lower checks.minRowsPercent if it is meant`,
      });

export const stationsRatio: Check = ({ trainingStations, champion }, { minStationsPercent }) =>
  champion === undefined
    ? undefined
    : ratioTo(champion, {
        found: trainingStations,
        known: champion.stations,
        noun: "stations with training rows",
        limit: minStationsPercent,
        advice:
          "check the import and source.blacklist, or lower checks.minStationsPercent if counters were taken away",
      });

interface Ratio {
  readonly found: number;
  readonly known: number;
  readonly noun: string;
  /** Percent. */
  readonly limit: number;
  readonly advice: string;
}

function ratioTo({ version }: { readonly version: string }, ratio: Ratio): Finding {
  const { found, known, noun, limit, advice } = ratio;
  if (known === 0) return undefined;
  const passed = 100 * found >= limit * known;
  const percent = Math.floor((1000 * found) / known) / 10; // Down: 89.96 is not the 90 that was asked for.
  const compared = `${grouped(found)} ${noun}, ${grouped(percent)} % of the ${grouped(known)} of version ${version}`;
  return {
    passed,
    value: percent,
    limit,
    message: passed ? compared : `${compared}, expected at least ${String(limit)} %; ${advice}`,
  };
}
