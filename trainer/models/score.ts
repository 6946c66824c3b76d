import { championColumns } from "../champion/champion-columns.ts";
import { predictAsPublished } from "../champion/predict-as-published.ts";
import { openPublishedModel, type PublishedModel } from "../champion/published-model.ts";
import { dayOf, dayText, plusDays } from "../days.ts";
import { RunFailure } from "../errors.ts";
import type { StationTable } from "../evaluate/judged.ts";
import { scoreRange } from "../evaluate/score.ts";
import { windowOf, type Window } from "../evaluate/window.ts";
import { versionRecords } from "../publish/version-records.ts";
import { existingModelDirectory } from "../publish/versions.ts";
import { findLibrary } from "../xgboost/library.ts";
import { TrainingPool } from "../xgboost/pool.ts";
import type { Answer, Surroundings } from "./answer.ts";
import type { Asked } from "./asked.ts";
import { findVersion } from "./find-version.ts";
import { scoreAnswer, type Scored } from "./score-answer.ts";
import { scoredHistory } from "./scored-history.ts";

/**
 * Error by counter and month of one version, or of two side by side, on any days: each with its own stations and
 * holidays, on the same rows, beside mean(lag_1, lag_7). Days that a version was trained on are told.
 */
export async function score(around: Surroundings, asked: Asked["score"]): Promise<Answer> {
  const models = await openModels(around, asked);
  for (const sentence of both(models).flatMap((model) => seenDays(model, asked))) around.say(sentence);
  const history = await scoredHistory(around, asked, models.a.preprocessor);
  const window = windowOf(history.table, asked.since, plusDays(asked.until, -1));
  return scoreAnswer(
    asked,
    both(models).map(({ version }) => version),
    await scored(around, { models, history, window }),
  );
}

/** The version asked for, and the one to set beside it. */
interface Models {
  readonly a: PublishedModel;
  readonly b: PublishedModel | undefined;
}

const both = ({ a, b }: Models): readonly PublishedModel[] => (b === undefined ? [a] : [a, b]);

async function openModels({ modelsDir }: Surroundings, asked: Asked["score"]): Promise<Models> {
  const directory = await existingModelDirectory(modelsDir, asked.model);
  const records = await versionRecords(directory);
  const open = (word: string) => openPublishedModel(directory, findVersion(records, word).version);
  const [a, b] = asked.versions;
  return { a: await open(a), b: b === undefined ? undefined : await open(b) };
}

/** An error on days that a model has seen says little about the days to come. */
function seenDays({ version, preprocessor }: PublishedModel, { since }: Asked["score"]): string[] {
  const { dataThrough } = preprocessor;
  if (dayOf(dataThrough) < since) return [];
  return [
    `Mind that ${version} was trained on days through ${dataThrough}: its errors from ${dayText(since)} to then are on days that it has seen.`,
  ];
}

interface Comparison {
  readonly models: Models;
  readonly history: StationTable;
  readonly window: Window;
}

async function scored(around: Surroundings, comparison: Comparison): Promise<Scored> {
  const { models, history, window } = comparison;
  const { table, stations } = history;
  const known = both(models).map((model) => championColumns(model.preprocessor, stations));
  const isKnown = (station: number): boolean => known.every(({ knows }) => knows(station));
  const scores = scoreRange(table, window.rows, await predictions(around, comparison), isKnown);
  if (scores.candidate.n > 0) return { scores, window, stations };
  throw new RunFailure(
    "BadConfiguration",
    `Cannot score from ${dayText(window.from)} to ${dayText(window.to)}: the data have no row of a station that ${both(
      models,
    )
      .map(({ version }) => version)
      .join(" and ")} knows. Name other days, or other data.`,
  );
}

async function predictions(around: Surroundings, { models, history, window }: Comparison) {
  const { threads, signal } = around;
  await using pool = await startPool(around, history);
  const cancel = (): void => {
    pool.cancel();
  };
  if (signal.aborted) cancel();
  signal.addEventListener("abort", cancel, { once: true });
  const predict = (model: PublishedModel) =>
    predictAsPublished(model, history, window, { pool, nthread: threads });
  const candidate = await predict(models.a);
  return { candidate, champion: models.b && (await predict(models.b)) };
}

/** One worker: blocks of rows are predicted one after the other, each with all threads. */
function startPool({ config }: Surroundings, { table }: StationTable): Promise<TrainingPool> {
  const { xgboostLibrary: explicit, cacheDir } = config;
  return TrainingPool.start({
    libraryPath: findLibrary({ explicit, cacheDir }).path,
    workers: 1,
    sourceModule: new URL("../features/source.ts", import.meta.url).href,
    data: table,
    maxBin: 256, // Nothing is trained.
  });
}
