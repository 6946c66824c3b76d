import { z } from "zod";

import { ensurePeer } from "../hack/peer.ts";
import { count, counts, optionsOf } from "./options.ts";
import type { Program, Say } from "./program.ts";
import type { Bar, Measured, Measurement } from "./report.ts";
import { demandSameMatrix, Facts } from "./sides/facts.ts";
import { openHistory, type History } from "./sides/history.ts";
import { alone, compared, interleaved, type Column, type Pairs } from "./sides/interleaved.ts";
import { planOf, type Driver } from "./sides/plan.ts";
import { ours, peer, type Done } from "./sides/side.ts";
import { peerVersions } from "./sides/versions.ts";

const Size = z.object({ readings: counts, turns: count(1) });
type Side = Done<Facts>;

/** From the tables to the last feature, beside pandas. */
export const features: Program = {
  summary: "extraction, cleaning and the 22 features of generated readings, beside pandas",
  takes: "5 minutes; Python 3.12, Linux",
  options: {
    readings: {
      default: "100000,1000000",
      meaning: "of counters that have one a day, e.g. 5000000,10000000",
    },
    turns: { default: "3", meaning: "runs of each side" },
  },
  measure,
};

async function measure(values: unknown, say: Say): Promise<Measured> {
  const { readings, turns } = optionsOf(Size, values);
  const python = await ensurePeer(say);
  const measurements: Measurement[] = [];
  const versions: Record<string, string> = await peerVersions(python);
  for (const wanted of readings) {
    await using history = await openHistory({ readings: wanted }, say);
    versions["postgresql"] = history.version;
    measurements.push(...(await besidePandas(history, { python, turns, say })));
  }
  return { measurements, versions };
}

interface Setting {
  readonly python: string;
  readonly turns: number;
  readonly say: Say;
}

/** Of fewer, what a process takes anyway is most of its memory. */
const judgedFrom = 4_500_000;
const bars: Bars = { seconds: { atLeast: 5 }, memory: { atLeast: 6 } };

async function besidePandas(history: History, setting: Setting): Promise<readonly Measurement[]> {
  const usual = await pairs(history, "psycopg2", setting);
  const quickest = await pairs(history, "adbc", setting);
  const size = `${(history.readings / 1e6).toFixed(2)} M readings`;
  return [
    ...columns(size, history.readings < judgedFrom ? {} : bars).map((column) => compared(usual, column)),
    ...columns(`${size}, Arrow driver`).map((column) => compared(quickest, column)),
    ...["extract", "clean", "features"].map((stage) => alone(usual.ours, ofStage(size, stage))),
  ];
}

async function pairs(
  history: History,
  driver: Driver,
  { python, turns, say }: Setting,
): Promise<Pairs<Side, Side>> {
  const task = { name: "features", plan: planOf(history, driver), result: Facts };
  const sides = { ours: () => ours(task), peer: () => peer(python, task) };
  const found = await interleaved(turns, sides, say);
  for (const [turn, side] of found.ours.entries()) demandSameMatrix(side, found.peer[turn] ?? side);
  return found;
}

interface Bars {
  readonly seconds?: Bar;
  readonly memory?: Bar;
}

const columns = (size: string, bars: Bars = {}): readonly Column<Side>[] => [
  withBar({ name: `features, ${size}`, unit: "s", of: ({ seconds }) => seconds }, bars.seconds),
  { name: `features, ${size}: whole process`, unit: "s", of: ({ wallSeconds }) => wallSeconds },
  { name: `features, ${size}: CPU time`, unit: "s", of: ({ cpuSeconds }) => cpuSeconds },
  withBar(
    { name: `features, ${size}: peak memory`, unit: "MB", of: ({ peakBytes }) => peakBytes / 1e6 },
    bars.memory,
  ),
];

const ofStage = (size: string, stage: string): Column<Side> => ({
  name: `features, ${size}: our stage ${stage}`,
  unit: "s",
  of: ({ stages }) => stages[stage] ?? Number.NaN,
});

const withBar = (column: Column<Side>, bar: Bar | undefined): Column<Side> =>
  bar === undefined ? column : { ...column, bar };
