import path from "node:path";

import { z } from "zod";

import { ensurePeer } from "../hack/peer.ts";
import { count, optionsOf } from "./options.ts";
import type { Program, Say } from "./program.ts";
import type { Measured } from "./report.ts";
import { openHistory, wantedOf } from "./sides/history.ts";
import { alone, compared, interleaved, type Column } from "./sides/interleaved.ts";
import { planOf } from "./sides/plan.ts";
import { scratchDirectory } from "./sides/scratch.ts";
import { ours, peer, type Done } from "./sides/side.ts";
import { peerVersions } from "./sides/versions.ts";

const Size = z.object({ data: z.string(), readings: count(1000), rounds: count(1), turns: count(1) });
const Trained = z.object({ rows: z.int(), bytes: z.int() });
const OurTrained = Trained.extend({ kernelSeconds: z.number() });
type Side = Done<z.infer<typeof Trained>>;

/** One booster on one matrix: what the binding adds to the library, and what a matrix in memory costs. */
export const training: Program = {
  summary: "one booster of depth 7 on the whole matrix with all threads, beside Python's xgboost",
  takes: "4 minutes; Python 3.12, Linux",
  options: {
    data: { default: "", meaning: 'directory with three CSV files; "" generates readings' },
    readings: { default: "1000000", meaning: "that are generated where there is no directory" },
    rounds: { default: "100", meaning: "of the booster" },
    turns: { default: "3", meaning: "runs of each side" },
  },
  measure,
};

async function measure(values: unknown, say: Say): Promise<Measured> {
  const { rounds, turns, ...size } = optionsOf(Size, values);
  const python = await ensurePeer(say);
  await using history = await openHistory(wantedOf(size), say);
  await using files = await scratchDirectory();
  const plan = {
    ...planOf(history, "adbc"),
    parameters: { maxDepth: 7, learningRate: 0.01, rounds },
    values: path.join(files.path, "values.npy"),
    target: path.join(files.path, "target.npy"),
  };
  await ours({ name: "matrix", plan: { ...plan, directory: files.path }, result: z.object({}) });
  const sides = {
    ours: () => ours({ name: "train", plan, result: OurTrained }),
    peer: () => peer(python, { name: "train", plan, result: Trained }),
  };
  const pairs = await interleaved(turns, sides, say);
  const rows = pairs.ours[0]?.rows ?? 0;
  if (pairs.peer.some((side) => side.rows !== rows)) throw new Error("The peer's matrix has other rows");
  const name = `training, ${String(rows)} rows, ${String(rounds)} rounds`;
  return {
    measurements: [
      ...columns(name).map((column) => compared(pairs, column)),
      alone(pairs.ours, {
        name: `${name}: in the library's rounds`,
        unit: "s",
        of: ({ kernelSeconds }) => kernelSeconds,
      }),
    ],
    versions: { ...(await peerVersions(python)), postgresql: history.version },
  };
}

/** Ours has read the history from PostgreSQL in the same process; the peer has the matrix from a file. */
const columns = (name: string): readonly Column<Side>[] => [
  {
    name,
    unit: "s",
    of: ({ stages }) => stages["train"] ?? Number.NaN,
    bar: { atLeast: 0.95 },
  },
  { name: `${name}: CPU time of the process`, unit: "s", of: ({ cpuSeconds }) => cpuSeconds },
  {
    name: `${name}: peak memory`,
    unit: "MB",
    of: ({ peakBytes }) => peakBytes / 1e6,
    bar: { atLeast: 2 },
  },
];
