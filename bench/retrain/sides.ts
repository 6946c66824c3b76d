import { z } from "zod";

import { GridRow, Parameters } from "../../contract/trainer-report.ts";
import { Facts } from "../sides/facts.ts";
import type { Done } from "../sides/side.ts";
import { stageSeconds, type TrainerRun } from "../sides/trainer-run.ts";

/** What the peer says of a whole run. */
export const Retrained = Facts.extend({
  winner: Parameters,
  grid: z.array(GridRow),
  gridRounds: z.int(),
  fitSeconds: z.number(),
});

/** A whole run of either side. */
export interface Side {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
  readonly rows: number;
  readonly stations: number;
  readonly winner: Parameters;
  readonly grid: readonly GridRow[];
  readonly searchRounds: number;
  /** Inside the library while searching, summed over what ran at the same time. */
  readonly searchLibrarySeconds: number;
  readonly stages: {
    /** From the tables to the features, or to where those can be generated. */
    readonly read: number;
    readonly search: number;
    readonly train: number;
    readonly publish: number;
  };
}

export function ofTrainer(run: TrainerRun): Side {
  const { data, training } = run.report;
  if (data === undefined || training === undefined) throw new Error("The report lacks data or training");
  const seconds = (name: string): number => stageSeconds(run, name);
  return {
    ...run,
    ...data,
    winner: training.winner,
    grid: training.grid,
    searchRounds: training.gridRounds,
    searchLibrarySeconds: training.kernelSeconds,
    stages: {
      read: seconds("extract") + seconds("clean"),
      search: seconds("search"),
      train: seconds("train"),
      publish: seconds("verify") + seconds("report") + seconds("publish"),
    },
  };
}

export function ofPeer(run: Done<z.infer<typeof Retrained>>): Side {
  const seconds = (name: string): number => run.stages[name] ?? 0;
  return {
    ...run,
    searchRounds: run.gridRounds,
    searchLibrarySeconds: run.fitSeconds,
    stages: {
      read: seconds("extract") + seconds("features"),
      search: seconds("search"),
      train: seconds("train"),
      publish: seconds("publish"),
    },
  };
}
