import type { TableName } from "../tables.ts";
import { history, stationsOf, weatherDays, type HistoryPlan } from "./history.ts";

/** Where the cells of the lines go. */
export const targets: Readonly<Record<TableName, string>> = {
  counters_info: "counters_info",
  weather: "weather (date, avg_temp, precipitation_mm, vent_max)",
  bike_count: "bike_count (date, station_id, intensity)",
};

/** Lines as COPY reads them: cells apart by tabs, `\N` for none. No name has a tab, a line break or a backslash. */
export function* stationLines(plan: HistoryPlan): Generator<string> {
  for (const { id, name, longitude, latitude } of stationsOf(plan)) {
    yield `${id}\t${name}\t${longitude.toFixed(6)}\t${latitude.toFixed(6)}\n`;
  }
}

export function* weatherLines(plan: HistoryPlan): Generator<string> {
  for (const { date, weather } of weatherDays(plan)) {
    const { avgTemp, precipitationMm, ventMax } = weather;
    yield `${date}\t${String(avgTemp)}\t${String(precipitationMm)}\t${String(ventMax)}\n`;
  }
}

/** All lines of a day at once. `onProgress` gets the share of the days that have been written, 0..1. */
export function* countLines(
  plan: HistoryPlan,
  onProgress: (share: number) => void = () => undefined,
): Generator<string> {
  const days = Math.round(plan.years * 365.25);
  let written = 0;
  for (const { date, readings } of history(plan)) {
    let lines = "";
    for (const { stationId, intensity } of readings) {
      lines += `${date}\t${stationId}\t${intensity === null ? "\\N" : String(intensity)}\n`;
    }
    // An empty string would end the stream.
    if (lines !== "") yield lines;
    onProgress(++written / days);
  }
}
