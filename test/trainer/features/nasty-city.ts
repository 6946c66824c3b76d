import type { Database } from "../../../trainer/demo/copy.ts";
import { randomStream } from "../../../trainer/demo/generator/random.ts";
import { createTables } from "../../../trainer/demo/tables.ts";
import { dayOf, dayText, plusDays } from "../../../trainer/days.ts";

interface Shape {
  readonly seed: number;
  readonly from: string;
  readonly days: number;
  /** Whether rows stand for hours instead of days. */
  readonly hourly?: boolean;
  /** Type of both date columns. */
  readonly dates?: "timestamp" | "timestamptz";
}

type Row = Readonly<Record<string, string | number | null>>;

/** Byte order, JavaScript's order and the order of appearance differ; the last one is not in counters_info. */
const ids = ["\u{1F600}", "b", "\uFF5E", "B10", "B9", "stranger"];

/** Chances are high: a test has few rows, and each must be able to go wrong. */
const chance = { missing: 0.06, broken: 0.05, again: 0.15, dark: 0.04 };

/** Tables with everything that is nasty in real ones. Ids are not in the order of time. */
export async function buildNastyCity(db: Database, shape: Shape): Promise<void> {
  await createTables(db, { nullableIntensity: true });
  if (shape.dates === "timestamptz") {
    // The columns are still empty: nothing is converted.
    await db.none(
      "ALTER TABLE bike_count ALTER date TYPE timestamptz; ALTER TABLE weather ALTER date TYPE timestamptz",
    );
  }
  await db.none("ALTER TABLE bike_count ALTER intensity TYPE float8");
  const random = randomStream(shape.seed, "nasty city");
  const stations = ids.slice(0, -1).map((station_id, i) => ({
    station_id,
    longitude: i === 1 ? null : 3.8 + random() / 10,
    latitude: i === 2 ? null : 43.5 + random() / 10,
  }));
  await insert(db, "counters_info", stations);
  await insert(db, "bike_count", shuffled(random, [...counts(random, shape)]));
  await insert(db, "weather", shuffled(random, [...weather(random, shape)]));
}

const insert = async (db: Database, table: string, rows: readonly Row[]): Promise<void> => {
  await db.none("INSERT INTO $1:name SELECT * FROM json_populate_recordset(NULL::$1:name, $2)", [
    table,
    JSON.stringify(rows),
  ]);
};

/** Rows in a random order get ids in another one. */
function shuffled(random: () => number, rows: readonly Row[]): Row[] {
  const keyed = (list: readonly Row[]) =>
    list.map((row) => ({ row, key: random() })).sort((a, b) => a.key - b.key);
  return keyed(keyed(rows).map(({ row }, id) => ({ id, ...row }))).map(({ row }) => row);
}

const textOfHour = (hour: number): string => `${String(hour % 24).padStart(2, "0")}:00:00`;

/** A day's times: one, or the hours of the local day, of which instants have 23 or 25 when clocks change. */
function timesOf(day: string, { hourly = false, dates = "timestamp" }: Shape): string[] {
  if (!hourly) return [`${day} 00:00:00`];
  if (dates === "timestamp") return Array.from({ length: 24 }, (_, hour) => `${day} ${textOfHour(hour)}`);
  const [spring, autumn] = [day === "2026-03-29", day === "2026-10-25"];
  const start = new Date(`${day}T00:00:00${day > "2026-03-29" && day <= "2026-10-25" ? "+02:00" : "+01:00"}`);
  const length = spring ? 23 : autumn ? 25 : 24;
  return Array.from({ length }, (_, i) => new Date(start.getTime() + i * 3_600_000).toISOString());
}

function* times(random: () => number, shape: Shape): Generator<{ day: string; time: string }> {
  for (let i = 0; i < shape.days; i++) {
    const day = dayText(plusDays(dayOf(shape.from), i));
    // Some days of an hourly table end early, at hours around the limit of 20.
    const until = shape.hourly === true && random() < 0.1 ? 18 + Math.floor(4 * random()) : Infinity;
    for (const time of timesOf(day, shape).slice(0, until)) yield { day, time };
  }
}

/** The same day at some other time, where a day may have but one reading. */
const otherTime = (random: () => number, day: string, time: string, { hourly = false }: Shape): string =>
  hourly || random() < 0.5 ? time : `${day} ${textOfHour(1 + Math.floor(23 * random()))}`;

function* counts(random: () => number, shape: Shape): Generator<Row> {
  const broken = [null, -1, "NaN", "Infinity", "-Infinity"];
  const intensity = (): string | number | null =>
    random() < chance.broken
      ? (broken[Math.floor(random() * broken.length)] ?? null)
      : Math.floor(1000 * random()) / 2;
  for (const station_id of ids) {
    for (const { day, time } of times(random, shape)) {
      if (random() < chance.missing / (shape.hourly === true ? 10 : 1)) continue;
      yield { station_id, date: time, intensity: intensity() };
      while (random() < chance.again) {
        yield { station_id, date: otherTime(random, day, time, shape), intensity: intensity() };
      }
    }
  }
}

function* weather(random: () => number, shape: Shape): Generator<Row> {
  const tenth = (scale: number, from = 0) => Math.round(10 * (from + scale * random())) / 10;
  const limit = (value: number, ...limits: number[]) =>
    random() < 0.1 ? (limits[Math.floor(random() * limits.length)] ?? value) : value;
  const orUnknown = (value: number) =>
    random() < chance.dark ? ([null, "NaN"][Math.floor(2 * random())] ?? null) : value;
  const row = (date: string): Row =>
    random() < chance.again / 2
      ? { date, avg_temp: null, precipitation_mm: null, vent_max: null }
      : {
          date,
          avg_temp: orUnknown(limit(tenth(45, -5), 5, 30)),
          precipitation_mm: orUnknown(limit(random() < 0.5 ? 0 : tenth(10), 1)),
          vent_max: orUnknown(limit(tenth(60), 30)),
        };
  for (const { day, time } of times(random, shape)) {
    if (random() < chance.dark / (shape.hourly === true ? 10 : 1)) continue;
    yield row(time);
    while (random() < chance.again) yield row(otherTime(random, day, time, shape));
  }
}
