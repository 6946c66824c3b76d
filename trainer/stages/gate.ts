import type { Parameters } from "../../contract/trainer-report.ts";
import type { PublishedModel } from "../champion/published-model.ts";
import { championDrift } from "../champion/drift.ts";
import { newDataError } from "../evaluate/new-data.ts";
import type { Evidence } from "../gate/evidence.ts";
import { judge } from "../gate/judge.ts";
import type { Run } from "../run.ts";
import { sameParameters } from "../search/winner.ts";
import { backtestStage, beginBacktest, planBacktest } from "./backtest.ts";
import { evaluateStage, planEvaluation, type Evaluated } from "./evaluate.ts";
import type { Search } from "./search.ts";
import type { Work } from "./work.ts";

/** What was found before the final training, to be judged once more after it. */
export interface Judged {
  readonly evidence: Evidence;
  readonly evaluated: Evaluated | undefined;
}

/** Tests this run's procedure on days that it has not seen, against the champion; the verdict goes into the report. */
export async function gateStage(run: Run, work: Work, search: Search): Promise<Judged | undefined> {
  const { input, draft } = run;
  if (input.gate.mode === "Off") {
    draft.gate = judge({ undecided: undefined, backtest: [] }, input.gate);
    draft.evaluationSkipped = `No evaluation: ${draft.gate.why}`;
    return undefined;
  }
  const { history, pool, volume } = work;
  const { champion } = volume;
  const parts = { history, search, pool, champion };
  const { window, undecided } = planEvaluation(run, parts);
  const compareRecipes = champion !== undefined && undecided !== undefined;
  const earlier = { ...parts, window, compareRecipes };
  const backtest = planBacktest(run, earlier);
  const begin = (count: number, nthread: number): void => {
    beginBacktest(run, earlier, backtest, { count, nthread });
  };
  const beside = { fits: backtest.fits.length, begin };
  const evaluated = await evaluateStage(run, { ...parts, beside });
  await backtestStage(run, earlier, backtest);
  const evidence = await gather(run, work, undecided);
  draft.gate = judge(evidence, input.gate);
  return { evidence, evaluated };
}

async function gather(run: Run, work: Work, undecided: string | undefined): Promise<Evidence> {
  const { draft, threads } = run;
  const { champion } = work.volume;
  const drift =
    champion === undefined ? undefined : await championDrift(work.history, champion, work.pool, threads);
  return {
    evaluation: draft.evaluation,
    undecided,
    backtest: draft.backtest ?? [],
    champion: champion === undefined ? undefined : factsOf(champion),
    drift,
  };
}

function factsOf({ version, report, preprocessor }: PublishedModel): NonNullable<Evidence["champion"]> {
  const { data, training } = report;
  return {
    version,
    dataThrough: preprocessor.dataThrough,
    rows: data?.rows ?? 0,
    stations: preprocessor.stations.length,
    parameters: training?.winner ?? { maxDepth: 0, learningRate: 0, rounds: 0 },
  };
}

/** The rule that only the final model can answer: whether training on the new days spoils the days before them. */
export async function judgeFinal(
  run: Run,
  { history, pool }: Work,
  {
    judged,
    final,
    winner,
  }: { readonly judged: Judged; readonly final: Uint8Array; readonly winner: Parameters },
): Promise<void> {
  const { evidence, evaluated } = judged;
  if (evaluated === undefined) return;
  const { window } = evaluated;
  const without = await modelBefore(run, pool, evaluated, winner);
  const newData = await newDataError(history, { final, without, window, pool, nthread: run.threads });
  run.draft.gate = judge({ ...evidence, newData }, run.input.gate);
}

/** Of the final model's parameters: a model of another depth errs otherwise on its training rows, whatever the new days are. */
async function modelBefore(
  run: Run,
  pool: Work["pool"],
  { window, candidate }: Evaluated,
  winner: Parameters,
): Promise<Uint8Array> {
  const tested = run.draft.evaluation?.parameters;
  if (tested !== undefined && sameParameters(tested, winner)) return candidate.model;
  const { maxDepth, learningRate, rounds } = winner;
  const parameters = { maxDepth, learningRate, seed: run.input.training.seed, nthread: run.threads };
  const { model } = await pool.fit({ range: { from: 0, to: window.rows.from }, parameters, rounds });
  return model;
}
