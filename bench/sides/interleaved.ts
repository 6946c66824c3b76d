import type { Say } from "../program.ts";
import type { Bar, Measurement, Unit } from "../report.ts";
import { median } from "../statistics.ts";

/** What the same work gave on both sides, run after run. */
export interface Pairs<Ours, Peer> {
  readonly ours: readonly Ours[];
  readonly peer: readonly Peer[];
}

/**
 * Both sides in turn, so that a machine that is slow for a while is slow for both; who comes first changes with every
 * turn.
 */
export async function interleaved<Ours, Peer>(
  turns: number,
  sides: { readonly ours: () => Promise<Ours>; readonly peer: () => Promise<Peer> },
  say: Say,
): Promise<Pairs<Ours, Peer>> {
  const pairs: { ours: Ours[]; peer: Peer[] } = { ours: [], peer: [] };
  const runOurs = async (): Promise<void> => void pairs.ours.push(await sides.ours());
  const runPeer = async (): Promise<void> => void pairs.peer.push(await sides.peer());
  for (let turn = 0; turn < turns; turn++) {
    say(`Turn ${String(turn + 1)} of ${String(turns)}`);
    for (const run of turn % 2 === 0 ? [runOurs, runPeer] : [runPeer, runOurs]) await run();
  }
  return pairs;
}

export interface Column<Side> {
  readonly name: string;
  readonly unit: Unit;
  readonly of: (side: Side) => number;
  readonly bar?: Bar;
}

/** The medians of both sides. */
export function compared<Side>(
  { ours, peer }: Pairs<Side, Side>,
  { name, unit, of, bar }: Column<Side>,
): Measurement {
  const each = { ours: ours.map(of), peer: peer.map(of) };
  return {
    name,
    unit,
    ours: median(each.ours),
    peer: median(each.peer),
    each,
    ...(bar === undefined ? {} : { bar }),
  };
}

/** The median of runs that have no peer. */
export function alone<Side>(runs: readonly Side[], { name, unit, of, bar }: Column<Side>): Measurement {
  const each = { ours: runs.map(of) };
  return { name, unit, ours: median(each.ours), each, ...(bar === undefined ? {} : { bar }) };
}
