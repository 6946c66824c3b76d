import type { Preprocessor } from "../../contract/published.ts";
import type { Station } from "../clean/clean.ts";
import type { Day } from "../days.ts";
import { holidayCalendar } from "../features/holidays.ts";
import { columnOf } from "../features/names.ts";
import type { FeatureBatch } from "../features/source.ts";

const column = {
  station: columnOf("station_id"),
  latitude: columnOf("latitude"),
  longitude: columnOf("longitude"),
  holiday: columnOf("is_holiday"),
};

/** How a published model sees rows of today's table: by its own stations, coordinates and holidays. */
export interface ChampionColumns {
  /** Whether it has a number for the station with this index in today's table. */
  readonly knows: (station: number) => boolean;
  /** Replaces the four columns that its preprocessor decides; for a station that it does not know they are NaN. */
  readonly rewrite: (values: Float32Array, batch: FeatureBatch) => void;
}

/** Throws RunFailure("BadConfiguration") when its country of holidays is unknown. */
export function championColumns(
  { stations: own, holidayCountry }: Pick<Preprocessor, "stations" | "holidayCountry">,
  stations: readonly Pick<Station, "id">[],
): ChampionColumns {
  const numbers = new Map(own.map(({ id }, number) => [id, number]));
  const numberOf = stations.map(({ id }) => numbers.get(id));
  const places = own.map(({ latitude, longitude }, number) => [number, latitude, longitude] as const);
  const unknown = [Number.NaN, null, null] as const;
  const isHoliday = holidayCalendar(holidayCountry);
  return {
    knows: (station) => numberOf[station] !== undefined,
    rewrite: (values, batch) => {
      const { rows, stride } = batch;
      for (let r = 0; r < rows; r++) {
        const station = batch.values[column.station * stride + r] ?? -1;
        const [number, latitude, longitude] = places[numberOf[station] ?? -1] ?? unknown;
        values[column.station * stride + r] = number;
        values[column.latitude * stride + r] = latitude ?? Number.NaN;
        values[column.longitude * stride + r] = longitude ?? Number.NaN;
      }
      fillHolidays(values, batch, isHoliday);
    },
  };
}

/** Rows come sorted by day, so the calendar is asked once a day. */
function fillHolidays(
  values: Float32Array,
  { rows, stride, days }: FeatureBatch,
  isHoliday: (day: Day) => boolean,
): void {
  let [day, holiday] = [Number.NaN, 0];
  for (let r = 0; r < rows; r++) {
    const today = (days[r] ?? 0) as Day;
    if (today !== day) [day, holiday] = [today, isHoliday(today) ? 1 : 0];
    values[column.holiday * stride + r] = holiday;
  }
}
