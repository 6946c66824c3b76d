import { abortingChecks, judgeData } from "../checks/data-gate.ts";
import { predictedBytes } from "../checks/memory-need.ts";
import { filterCounts } from "../clean/daily-counts.ts";
import { RunFailure } from "../errors.ts";
import type { Run } from "../run.ts";
import type { Evidence } from "./clean.ts";

/** Asks every check of the data gate; the pipeline ends here when one of severity error has failed. */
export const checkStage = (run: Run, evidence: Evidence): Promise<void> =>
  run.stages.run("check", () => {
    const { span, input, draft, log } = run;
    const { data } = draft;
    if (data === undefined)
      throw new RunFailure("Bug", "The data gate was asked before the data were cleaned");
    const { since } = span;
    const { counts } = evidence.cleaned;
    draft.checks = judgeData(
      {
        asOf: span.asOfDay,
        readings: evidence.extracted.readings,
        waterfall: data.waterfall,
        conflicts: evidence.conflicts,
        counts: since === undefined ? counts : filterCounts(counts, (day) => day >= since),
        ids: evidence.cleaned.countedStations,
        places: evidence.extracted.stations,
        hasWeather: evidence.hasWeather,
        firstWeatherDay: evidence.firstWeatherDay,
        predictedBytes: predictedBytes(data.rows, run.threads),
        memoryLimitBytes: run.memoryLimitBytes,
      },
      input.checks,
    );
    const failed = new Set(abortingChecks(draft.checks));
    for (const check of draft.checks.filter(({ passed }) => !passed)) {
      const say = failed.has(check) ? log.error : log.warn;
      say(check.message, { stage: "check", check: check.name });
    }
  });
