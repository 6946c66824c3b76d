import { recentError } from "../evaluate/recent.ts";
import { allRows } from "../features/source.ts";
import { rowsOf } from "../features/training-table.ts";
import type { Run } from "../run.ts";
import type { Fitted } from "../xgboost/messages.ts";
import { judgeFinal, type Judged } from "./gate.ts";
import type { Search } from "./search.ts";
import type { Work } from "./work.ts";

/**
 * The production model: the winner's parameters on 100 % of the rows, with all threads. Also what a later run needs
 * to see a changed history, and whether the new days spoil those before them.
 */
export const trainStage = (
  run: Run,
  work: Work,
  { search, judged }: { readonly search: Search; readonly judged: Judged | undefined },
): Promise<Fitted> =>
  run.stages.run(
    "train",
    async () => {
      const { maxDepth, learningRate, rounds } = search.winner;
      const { table } = work.history;
      const parameters = { maxDepth, learningRate, seed: run.input.training.seed, nthread: run.threads };
      const fitted = await work.pool.fit({ range: allRows(table), parameters, rounds }, (done, total) => {
        run.meter.report(done, total);
      });
      await describe(run, work, fitted);
      if (judged !== undefined)
        await judgeFinal(run, work, { judged, final: fitted.model, winner: search.winner });
      return fitted;
    },
    () => ({ rows: rowsOf(work.history.table), rounds: search.winner.rounds }),
  );

async function describe({ draft, threads }: Run, { history, pool }: Work, fitted: Fitted): Promise<void> {
  if (draft.training === undefined) return;
  const byGain = [...fitted.gain].sort(([, a], [, b]) => b - a);
  draft.training = {
    ...draft.training,
    finalRmse: fitted.trainRmse,
    importance: byGain.map(([feature, gain]) => ({ feature, gain })),
    recent: await recentError(history, fitted.model, pool, threads),
  };
}
