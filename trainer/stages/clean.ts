import { cleanExtracted, type CleanedHistory } from "../clean/clean-extracted.ts";
import { isKnown, type Cleaned, type Station } from "../clean/clean.ts";
import type { DataReport } from "../../contract/trainer-report.ts";
import { dayText, type Day } from "../days.ts";
import type { Extracted } from "../extract/extract.ts";
import { lastDayWithRows } from "../evaluate/window.ts";
import { dataFingerprint } from "../features/fingerprint.ts";
import type { TrainingTable } from "../features/training-table.ts";
import type { Run } from "../run.ts";

/** The cleaned history that later stages train on. */
export interface History {
  readonly table: TrainingTable;
  /** Ids of the table's stations in byte order: position is the feature station_id. */
  readonly ids: readonly string[];
  readonly stations: readonly Station[];
}

/** What only the data gate asks about; it is as large as the history, so nobody keeps it. */
export interface Evidence {
  readonly cleaned: Cleaned;
  readonly extracted: Extracted;
  readonly conflicts: { readonly counts: number; readonly weather: number };
  readonly hasWeather: (day: Day) => boolean;
  readonly firstWeatherDay: Day | undefined;
}

/** Removes duplicates, sums hours, joins weather, looks lags up; the waterfall goes into the report. */
export const cleanStage = (
  run: Run,
  extracted: Extracted,
): Promise<{ readonly history: History; readonly evidence: Evidence }> =>
  run.stages.run(
    "clean",
    () => {
      const { checks } = run.input;
      const { settled, weather, cleaned } = cleanExtracted(extracted, run.input, run.span.since);
      const ids = cleaned.stations.map(({ id }) => id);
      run.draft.data = {
        ...dataReport(run, extracted, { settled, weather, cleaned }),
        fingerprint: dataFingerprint(cleaned.table, ids),
      };
      const hasWeather = (day: Day): boolean => isKnown(weather.byDay.get(day), checks.allowPartialWeather);
      const evidence: Evidence = {
        cleaned,
        extracted,
        conflicts: { counts: settled.conflicts, weather: weather.conflicts },
        hasWeather,
        firstWeatherDay: [...weather.byDay.keys()].sort((a, b) => a - b).find(hasWeather),
      };
      return { history: { table: cleaned.table, ids, stations: cleaned.stations }, evidence };
    },
    ({ evidence }) => ({ rows: evidence.cleaned.dropped.training_rows }),
  );

function dataReport(
  { span, input }: Run,
  extracted: Extracted,
  { settled, weather, cleaned }: CleanedHistory,
): DataReport {
  const last = lastDayWithRows(cleaned.table);
  const first = cleaned.counts.days.find((day) => span.since === undefined || day >= span.since);
  return {
    asOf: span.asOf.toISOString(),
    timeZone: input.source.timeZone,
    ...(span.since === undefined ? {} : { since: dayText(span.since) }),
    until: dayText(span.until),
    ...(last === undefined ? {} : { dataThrough: dayText(last) }),
    ...(first === undefined ? {} : { firstDay: dayText(first) }),
    rows: cleaned.dropped.training_rows,
    stations: cleaned.stations.length,
    readings: extracted.readings,
    lagOnlyReadings: extracted.counts.lagOnly,
    summed: settled.summed,
    tables: {
      bikeCount: { granularity: settled.granularity, multipleTimesShare: settled.multipleTimesShare },
      weather: { granularity: weather.granularity, multipleTimesShare: weather.multipleTimesShare },
    },
    excluded: [...cleaned.excluded],
    waterfall: {
      bike_count: extracted.readings.bikeCount,
      null_or_negative: extracted.counts.nullOrNegative,
      duplicate: settled.duplicate,
      partial_day: settled.partialDay,
      ...cleaned.dropped,
    },
  };
}
