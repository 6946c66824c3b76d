import os from "node:os";

import { given } from "../contract/given.ts";

/** What one thing may be at most or must be at least: in its own unit, or as a ratio where a peer was measured beside it. */
export type Bar = { readonly atMost: number } | { readonly atLeast: number };
export type Unit = "s" | "ms" | "MB" | "kB" | "times" | "MB a minute" | "a second" | "%" | "";

/** One thing as it was measured. */
export interface Measurement {
  readonly name: string;
  readonly unit: Unit;
  readonly ours: number;
  /** Of the peer, in the same run. */
  readonly peer?: number;
  readonly bar?: Bar;
  /** Each of the runs whose median this is, in their order. */
  readonly each?: { readonly ours: readonly number[]; readonly peer?: readonly number[] };
}

/** What one bench has found. */
export interface Measured {
  readonly measurements: readonly Measurement[];
  /** Of what was measured beside Node.js. */
  readonly versions?: Readonly<Record<string, string>>;
}

/** A measurement with its judgement, as it stands in the file of results. */
export interface Judged {
  readonly name: string;
  readonly unit: Unit;
  readonly ours: number;
  readonly peer?: number;
  /** How many times the peer's is ours. */
  readonly ratio?: number;
  readonly bar?: string;
  readonly met?: boolean;
  readonly each?: Measurement["each"];
}

/** The file of results. */
export interface Report {
  readonly machine: Readonly<Record<string, string | number>>;
  readonly versions: Readonly<Record<string, string>>;
  readonly benches: readonly Judged[];
}

export const reportOf = (results: readonly Measured[]): Report => ({
  machine: machine(),
  versions: Object.assign(
    { node: process.versions.node, v8: process.versions.v8 },
    ...results.map(({ versions }) => versions ?? {}),
  ) as Record<string, string>,
  benches: results.flatMap(({ measurements }) => measurements).map(judged),
});

export const areMet = ({ benches }: Report): boolean => benches.every(({ met = true }) => met);

export function judged({ name, unit, ours, peer, bar, each }: Measurement): Judged {
  const ratio = peer === undefined ? undefined : rounded(peer / ours);
  const found = ratio ?? ours;
  const verdict = bar && { bar: barText(bar, ratio === undefined ? unit : "times"), met: isMet(found, bar) };
  const beside = given({ peer: peer === undefined ? undefined : rounded(peer), ratio, each });
  return { name, unit, ours: rounded(ours), ...beside, ...verdict };
}

const isMet = (found: number, bar: Bar): boolean =>
  "atMost" in bar ? found <= bar.atMost : found >= bar.atLeast;

const barText = (bar: Bar, unit: Unit): string =>
  ("atMost" in bar ? `<= ${String(bar.atMost)}` : `>= ${String(bar.atLeast)}`) + spaced(unit);

/** For people, one line each. */
export function linesOf({ benches }: Report): string[] {
  const width = Math.max(...benches.map(({ name }) => name.length));
  return benches.map(({ name, unit, ours, peer, ratio, bar, met }) => {
    const beside = peer === undefined ? "" : `, peer ${String(peer)}, ratio ${String(ratio)}`;
    const verdict = bar === undefined ? "" : `   ${met === true ? "met" : "NOT MET"}: ${bar}`;
    return `${name.padEnd(width)}  ${String(ours)}${spaced(unit)}${beside}${verdict}`;
  });
}

const spaced = (unit: Unit): string => (unit === "" ? "" : ` ${unit}`);
const rounded = (value: number): number => Math.round(value * 1000) / 1000;

function machine(): Report["machine"] {
  const processors = os.cpus();
  return {
    processor: processors[0]?.model.trim() ?? "unknown",
    processors: processors.length,
    memoryMB: Math.round(os.totalmem() / 1e6),
    loadAverage: rounded(os.loadavg()[0] ?? Number.NaN),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
  };
}
