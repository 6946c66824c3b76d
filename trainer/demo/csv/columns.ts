/** The types a column may take, best first; a column that fits none stays text, which the trainer's schema check reports. */
export type Candidates = readonly string[];

/** One of the three files and what is known of its columns; others are ignored. */
export interface TableShape {
  readonly table: "counters_info" | "bike_count" | "weather";
  /** In the order in which the table gets them. */
  readonly columns: Readonly<Record<string, Candidates>>;
  /** Readings are numbered in the order of the file when it does not number them itself. */
  readonly numbered: boolean;
  readonly primaryKey?: string;
}

/** Decided by the values: with or without an offset from UTC. */
export const dateOrInstant: Candidates = ["timestamp", "timestamptz"];
const name: Candidates = ["varchar(255)"];
const measure: Candidates = ["real"];
const order: Candidates = ["integer", "bigint"];

export const shapes: readonly TableShape[] = [
  {
    table: "counters_info",
    columns: {
      station_id: name,
      name,
      longitude: ["numeric(9,6)", "double precision"],
      latitude: ["numeric(8,6)", "double precision"],
    },
    numbered: false,
    primaryKey: "station_id",
  },
  {
    table: "bike_count",
    columns: {
      id: order,
      date: dateOrInstant,
      station_id: name,
      intensity: ["integer", "double precision"],
      created_at: dateOrInstant,
    },
    numbered: true,
  },
  {
    table: "weather",
    columns: {
      id: order,
      date: dateOrInstant,
      avg_temp: measure,
      precipitation_mm: measure,
      vent_max: measure,
      temperature_2m_max: measure,
      temperature_2m_min: measure,
      temperature_2m_mean: measure,
      precipitation_sum: measure,
      wind_speed_10m_max: measure,
    },
    numbered: true,
  },
];
