import type { DataReport } from "../../contract/trainer-report.ts";
import type { PublishedModel } from "../champion/published-model.ts";
import { abortingChecks, judgeData } from "../checks/data-gate.ts";
import type { ChampionData, Facts } from "../checks/facts.ts";
import { predictedBytes } from "../checks/memory-need.ts";
import { filterCounts } from "../clean/daily-counts.ts";
import { dayOf, type Day } from "../days.ts";
import { RunFailure } from "../errors.ts";
import type { Run } from "../run.ts";
import type { Evidence } from "./clean.ts";

type Champion = Pick<PublishedModel, "version" | "report">;

/** Asks every check of the data gate; the pipeline ends here when one of severity error has failed. */
export const checkStage = (run: Run, evidence: Evidence, champion: Champion | undefined): Promise<void> =>
  run.stages.run("check", () => {
    const { input, draft, log } = run;
    const { data } = draft;
    if (data === undefined)
      throw new RunFailure("Bug", "The data gate was asked before the data were cleaned");
    draft.checks = judgeData({ ...factsOf(run, evidence, data), ...championFacts(champion) }, input.checks);
    const failed = new Set(abortingChecks(draft.checks));
    for (const check of draft.checks.filter(({ passed }) => !passed)) {
      const say = failed.has(check) ? log.error : log.warn;
      say(check.message, { stage: "check", check: check.name });
    }
  });

function factsOf({ span, threads, memoryLimitBytes }: Run, evidence: Evidence, data: DataReport): Facts {
  const { cleaned, extracted } = evidence;
  const { since } = span;
  return {
    asOf: span.asOfDay,
    readings: extracted.readings,
    waterfall: data.waterfall,
    conflicts: evidence.conflicts,
    counts: since === undefined ? cleaned.counts : filterCounts(cleaned.counts, (day) => day >= since),
    ids: cleaned.countedStations,
    trainingStations: data.stations,
    newestReading: newestOf(extracted.counts.log.days),
    places: extracted.stations,
    hasWeather: evidence.hasWeather,
    firstWeatherDay: evidence.firstWeatherDay,
    predictedBytes: predictedBytes(data.rows, threads),
    memoryLimitBytes,
  };
}

/** The log's days outlive its readings, which the cleaning has released. */
const newestOf = (days: readonly Day[]): Day | undefined =>
  days.reduce<Day | undefined>(
    (newest, day) => (newest === undefined || day > newest ? day : newest),
    undefined,
  );

function championFacts(champion: Champion | undefined): { champion?: ChampionData } {
  const data = champion?.report.data;
  if (champion === undefined || data?.dataThrough === undefined) return {};
  const { rows, stations, dataThrough } = data;
  return { champion: { version: champion.version, rows, stations, dataThrough: dayOf(dataThrough) } };
}
