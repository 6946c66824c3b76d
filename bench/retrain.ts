import { z } from "zod";

import { ensurePeer } from "../hack/peer.ts";
import { count, optionsOf } from "./options.ts";
import type { Program, Say } from "./program.ts";
import type { Measured } from "./report.ts";
import { demandSameModel } from "./retrain/same-model.ts";
import { columnsOf } from "./retrain/columns.ts";
import { ofPeer, ofTrainer, Retrained, type Side } from "./retrain/sides.ts";
import { openHistory, sampleDirectory, wantedOf, type History } from "./sides/history.ts";
import { compared, interleaved } from "./sides/interleaved.ts";
import { planOf } from "./sides/plan.ts";
import { peer } from "./sides/side.ts";
import { runTrainer } from "./sides/trainer-run.ts";
import { peerVersions } from "./sides/versions.ts";

const Size = z.object({ data: z.string(), readings: count(1000), turns: count(1) });

/** A month's retraining without the gate, beside the same pipeline in Python. */
export const retrain: Program = {
  summary: "whole retraining with the full grid and without the gate, beside pandas and scikit-learn",
  takes: "4 minutes with real data, 15 with 463,000 readings; Python 3.12, Linux",
  options: {
    data: { default: sampleDirectory(), meaning: 'directory with three CSV files; "" generates readings' },
    readings: { default: "463000", meaning: "that are generated where there is no directory" },
    turns: { default: "3", meaning: "runs of each side" },
  },
  measure,
};

async function measure(values: unknown, say: Say): Promise<Measured> {
  const { turns, ...size } = optionsOf(Size, values);
  const python = await ensurePeer(say);
  await using history = await openHistory(wantedOf(size), say);
  const sides = { ours: () => ourRun(history), peer: () => peerRun(history, python) };
  const pairs = await interleaved(turns, sides, say);
  for (const [turn, ours] of pairs.ours.entries()) demandSameModel(ours, pairs.peer[turn] ?? ours);
  return {
    measurements: columnsOf(history.readings).map((column) => compared(pairs, column)),
    versions: { ...(await peerVersions(python)), postgresql: history.version },
  };
}

const ourRun = async (history: History): Promise<Side> =>
  ofTrainer(await runTrainer({ history, spec: { gate: { mode: "Off" }, storage: { legacyPickle: true } } }));

/** With the quickest driver: how rows come is no matter of this bench. */
const peerRun = async (history: History, python: string): Promise<Side> =>
  ofPeer(await peer(python, { name: "retrain", plan: planOf(history, "adbc"), result: Retrained }));
