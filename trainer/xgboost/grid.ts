import type { OnRounds } from "./crew.ts";
import type { Fold, FoldMatrices, Request, Result, Score, TaskName } from "./messages.ts";

/** One booster to train on every fold; its prefixes at the checkpoints are the candidates. */
interface GridBooster {
  readonly maxDepth: number;
  readonly learningRate: number;
  /** Ascending numbers of rounds; the last one is the booster's length. */
  readonly checkpoints: readonly number[];
}

export interface GridPlan {
  readonly folds: readonly Fold[];
  readonly boosters: readonly GridBooster[];
  readonly maxBin: number;
  readonly seed: number;
}

/** A candidate's score on one fold; `fold` and `booster` are positions in the plan. */
interface GridScore extends Score {
  readonly fold: number;
  readonly booster: number;
}

export interface GridResult {
  /** In the order of the plan: folds, within them boosters, within them checkpoints. */
  readonly scores: readonly GridScore[];
  /** Rounds trained. */
  readonly rounds: number;
  /** Seconds spent in the library's rounds, summed over the workers. */
  readonly kernelSeconds: number;
}

/** Done and total rounds of the whole grid. */
export type OnProgress = (done: number, total: number) => void;

/** Who runs the grid's tasks. */
export interface Runner {
  readonly workers: number;
  run<Name extends TaskName>(kind: Name, request: Request<Name>, onRounds?: OnRounds): Promise<Result<Name>>;
  /** Lets all running and queued tasks end soon, with an error. */
  stop(): void;
}

/**
 * Trains every booster on every fold, with one thread each. Matrices of two folds at most exist at a time. The
 * largest fold and its longest booster come first, so that what is left at the end, when some workers have
 * nothing more to do, is short. Rejects with the first task's error, when all others have ended.
 */
export async function gridSearch(
  plan: GridPlan,
  runner: Runner,
  onProgress: OnProgress,
): Promise<GridResult> {
  const search: Search = { plan, runner, report: meter(plan, onProgress), scored: [] };
  const waiting = descending(plan.folds, (fold) => fold.train.to - fold.train.from);
  const lanes = Array.from({ length: lanesOf(plan, runner) }, async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await searchFold(next.item, next.at, search);
    }
  });
  await allOf(lanes, search);
  return summary(search.scored);
}

/** So many rows of two folds at once are still cheap to hold; of more, the next fold is binned when the last is done. */
const rowsOfTwoFolds = 1_000_000;

/** How many folds have their matrices at the same time. */
function lanesOf({ folds }: GridPlan, { workers }: Runner): number {
  const largest = Math.max(
    0,
    ...folds.map(({ train, valid }) => train.to - train.from + valid.to - valid.from),
  );
  return 2 * largest > rowsOfTwoFolds ? 1 : Math.min(2, workers);
}

interface ScoredBooster {
  readonly fold: number;
  readonly booster: number;
  readonly result: Result<"score">;
}

interface Search {
  readonly plan: GridPlan;
  readonly runner: Runner;
  readonly report: (task: string, rounds: number) => void;
  readonly scored: ScoredBooster[];
  /** Of the first task that failed: that the others were stopped after it is no news. */
  failure?: { readonly error: unknown };
}

async function searchFold(fold: Fold, at: number, search: Search): Promise<void> {
  const { plan, runner, report, scored } = search;
  const nthread = lanesOf(plan, runner) === 1 ? runner.workers : 1; // Alone, one worker bins while the others wait.
  const matrices = await runner.run("bin", { fold, maxBin: plan.maxBin, nthread });
  const score = async (booster: number, request: Request<"score">): Promise<void> => {
    const task = `${String(at)}/${String(booster)}`;
    const result = await runner.run("score", request, (rounds) => {
      report(task, rounds);
    });
    report(task, result.scores.at(-1)?.rounds ?? 0);
    scored.push({ fold: at, booster, result });
  };
  try {
    await allOf(
      descending(plan.boosters, cost).map((next) => score(next.at, scoreRequest(plan, matrices, next.item))),
      search,
    );
  } finally {
    await runner.run("free", matrices);
  }
}

function scoreRequest(plan: GridPlan, matrices: FoldMatrices, booster: GridBooster): Request<"score"> {
  const { maxDepth, learningRate, checkpoints } = booster;
  const parameters = { maxDepth, learningRate, maxBin: plan.maxBin, seed: plan.seed, nthread: 1 };
  return { matrices, parameters, checkpoints };
}

const rounds = (booster: GridBooster): number => booster.checkpoints.at(-1) ?? 0;
const cost = (booster: GridBooster): number => rounds(booster) * booster.maxDepth;

interface Positioned<Item> {
  readonly item: Item;
  readonly at: number;
}

function descending<Item>(items: readonly Item[], size: (item: Item) => number): Positioned<Item>[] {
  return items.map((item, at) => ({ item, at })).sort((a, b) => size(b.item) - size(a.item));
}

/**
 * Waits for all. The first error of the whole search stops the others; it is thrown when they have ended, so that
 * nobody uses freed matrices.
 */
async function allOf(work: readonly Promise<void>[], search: Search): Promise<void> {
  try {
    await Promise.all(work);
  } catch (error) {
    search.failure ??= { error };
    search.runner.stop();
    await Promise.allSettled(work);
    throw search.failure.error;
  }
}

function meter(plan: GridPlan, onProgress: OnProgress): Search["report"] {
  const total = plan.folds.length * plan.boosters.reduce((sum, booster) => sum + rounds(booster), 0);
  const done = new Map<string, number>();
  return (task, count) => {
    done.set(task, count);
    onProgress(
      done.values().reduce((sum, value) => sum + value, 0),
      total,
    );
  };
}

function summary(scored: readonly ScoredBooster[]): GridResult {
  const inOrder = scored.toSorted((a, b) => a.fold - b.fold || a.booster - b.booster);
  return {
    scores: inOrder.flatMap(({ fold, booster, result }) =>
      result.scores.map((score) => ({ ...score, fold, booster })),
    ),
    rounds: inOrder.reduce((sum, { result }) => sum + (result.scores.at(-1)?.rounds ?? 0), 0),
    kernelSeconds: inOrder.reduce((sum, { result }) => sum + result.kernelSeconds, 0),
  };
}
