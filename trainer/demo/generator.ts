import { copyInto, withConnection, type Connection, type Database } from "./copy.ts";
import { history, stationsOf, weatherDays, type HistoryPlan } from "./generator/history.ts";
import { addForeignKey, createTables } from "./tables.ts";

/** Rows written. */
export interface Loaded {
  readonly counters_info: number;
  readonly weather: number;
  readonly bike_count: number;
}

/** Gets the share of the days that have been written, 0..1. */
export type OnProgress = (share: number) => void;

/**
 * Creates the three tables and fills them with a synthetic history (design: docs/adr/0004-generator.md), all or nothing.
 * Ids ascend with time. Memory does not grow with the number of years.
 */
export async function generate(
  plan: HistoryPlan,
  db: Database,
  onProgress: OnProgress = () => undefined,
): Promise<Loaded> {
  return withConnection(db, async (on) => {
    const loaded = await on.tx(async (tx) => {
      await createTables(tx, { nullableIntensity: true });
      const rows = await copyAll(plan, on, onProgress);
      await addForeignKey(tx);
      return rows;
    });
    await on.none("ANALYZE counters_info, weather, bike_count");
    return loaded;
  });
}

async function copyAll(plan: HistoryPlan, on: Connection, onProgress: OnProgress): Promise<Loaded> {
  return {
    counters_info: await copyInto(on, "COPY counters_info FROM STDIN", stationLines(plan)),
    weather: await copyInto(
      on,
      "COPY weather (date, avg_temp, precipitation_mm, vent_max) FROM STDIN",
      weatherLines(plan),
    ),
    bike_count: await copyInto(
      on,
      "COPY bike_count (date, station_id, intensity) FROM STDIN",
      countLines(plan, onProgress),
    ),
  };
}

function* stationLines(plan: HistoryPlan): Generator<string> {
  for (const { id, name, longitude, latitude } of stationsOf(plan)) {
    yield `${id}\t${name}\t${longitude.toFixed(6)}\t${latitude.toFixed(6)}\n`;
  }
}

function* weatherLines(plan: HistoryPlan): Generator<string> {
  for (const { date, weather } of weatherDays(plan)) {
    const { avgTemp, precipitationMm, ventMax } = weather;
    yield `${date}\t${String(avgTemp)}\t${String(precipitationMm)}\t${String(ventMax)}\n`;
  }
}

function* countLines(plan: HistoryPlan, onProgress: OnProgress): Generator<string> {
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
