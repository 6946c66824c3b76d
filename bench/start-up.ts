import { z } from "zod";

import { ensurePeer } from "../hack/peer.ts";
import { count, optionsOf } from "./options.ts";
import type { Program, Say } from "./program.ts";
import type { Measured } from "./report.ts";
import { demandSameMatrix, Facts } from "./sides/facts.ts";
import { openHistory } from "./sides/history.ts";
import { compared, interleaved, type Column } from "./sides/interleaved.ts";
import { planOf } from "./sides/plan.ts";
import { ours, peer, type Done } from "./sides/side.ts";
import { peerVersions } from "./sides/versions.ts";

const Size = z.object({ turns: count(1) });
type Side = Done<Facts>;
/** So few that reading them takes no time. */
const readings = 4000;

/** What a process needs before the first reading is there. */
export const startUp: Program = {
  summary: "from the start of the process until a small history is read, beside pandas",
  takes: "1 minute; Python 3.12, Linux",
  options: { turns: { default: "5", meaning: "runs of each side" } },
  measure,
};

async function measure(values: unknown, say: Say): Promise<Measured> {
  const { turns } = optionsOf(Size, values);
  const python = await ensurePeer(say);
  await using history = await openHistory({ readings }, say);
  const task = { name: "features", plan: planOf(history, "adbc"), result: Facts };
  const sides = { ours: () => ours(task), peer: () => peer(python, task) };
  const pairs = await interleaved(turns, sides, say);
  for (const [turn, side] of pairs.ours.entries()) demandSameMatrix(side, pairs.peer[turn] ?? side);
  return {
    measurements: columns.map((column) => compared(pairs, column)),
    versions: { ...(await peerVersions(python)), postgresql: history.version },
  };
}

const columns: readonly Column<Side>[] = [
  {
    name: "start-up until the first rows are read",
    unit: "s",
    of: ({ wallSeconds, seconds, stages }) => wallSeconds - seconds + (stages["extract"] ?? 0),
  },
  { name: "start-up: CPU time of the whole process", unit: "s", of: ({ cpuSeconds }) => cpuSeconds },
  { name: "start-up: peak memory", unit: "MB", of: ({ peakBytes }) => peakBytes / 1e6 },
];
