/** error: the run is aborted. warning: reported only. off: not looked at. */
export type Severity = "error" | "warning" | "off";

interface CheckWords {
  /** The reason of a run that this check aborted. */
  readonly reason: string;
  readonly severity: Severity;
  /** One sentence for people, also the description in the API reference. */
  readonly looksAt: string;
}

/** The data gate: every check by name. All failed checks are reported at once; the first failed one gives the reason. */
export const checks = {
  schema: {
    reason: "SchemaMismatch",
    severity: "error",
    looksAt: "tables and columns exist and have a type that can be read",
  },
  empty: { reason: "EmptyTable", severity: "error", looksAt: "each of the three tables has usable rows" },
  duplicates: {
    reason: "AmbiguousDuplicates",
    severity: "error",
    looksAt: "conflicting duplicates can be told apart by an order column",
  },
  rows: {
    reason: "TooFewRows",
    severity: "error",
    looksAt: "training rows after weather and lags were joined",
  },
  age: { reason: "StaleData", severity: "error", looksAt: "days between the newest count and asOf" },
  weather: {
    reason: "MissingWeather",
    severity: "error",
    looksAt: "percent of count days without weather since the first weather day",
  },
  recentWeather: {
    reason: "MissingWeather",
    severity: "error",
    looksAt: "percent of the last 28 count days without weather",
  },
  rowsRatio: {
    reason: "RowsLost",
    severity: "error",
    looksAt: "training rows in percent of the current version's",
  },
  stationsRatio: {
    reason: "StationsLost",
    severity: "error",
    looksAt: "stations with training rows in percent of the current version's",
  },
  level: {
    reason: "ImplausibleLevel",
    severity: "error",
    looksAt:
      "the fleet's counts since the current version's last day, and in each week of them, in percent of the 8 weeks before or of the year before",
  },
  stationLevel: {
    reason: "ImplausibleStations",
    severity: "error",
    looksAt:
      "percent of stations, or of station-days, since then far from their own earlier level as the fleet's days move it",
  },
  stuck: {
    reason: "StuckStations",
    severity: "error",
    looksAt:
      "percent of the station-days of any week since then that are zero or repeat the day before, beyond what is usual for them",
  },
  memory: {
    reason: "NotEnoughMemory",
    severity: "error",
    looksAt: "predicted need in MiB against the container's memory limit",
  },
  partialDays: {
    reason: "FleetPartialDays",
    severity: "warning",
    looksAt: "days on which the whole fleet counted far less than in the weeks around",
  },
  stuckValues: {
    reason: "StuckValues",
    severity: "warning",
    looksAt: "stations that repeat one count for several days",
  },
  zeroRuns: {
    reason: "LongZeroRuns",
    severity: "warning",
    looksAt: "stations that count zero for many days",
  },
  coordinates: {
    reason: "FarCoordinates",
    severity: "warning",
    looksAt: "stations without coordinates or far from all others",
  },
} as const satisfies Record<string, CheckWords>;
export type CheckName = keyof typeof checks;
export const checkNames = Object.keys(checks) as readonly CheckName[];
