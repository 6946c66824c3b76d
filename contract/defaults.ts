import type { z } from "zod";

import type { Checks, Gate } from "./spec/gates.ts";
import type { Job, Storage } from "./spec/job.ts";
import type { Features, Source } from "./spec/source.ts";
import type { Training } from "./spec/training.ts";

const malfunctioning = [
  "867228050089043",
  "867228050089159",
  "867228050089217",
  "867228050089787",
  "867228050092989",
].map((number) => `urn:ngsi-ld:EcoCounter:${number}`);

/**
 * What a run is when nobody says otherwise. They live here and not in the CRD: once the API server has written
 * a default, nobody can tell unset from chosen.
 */
export const builtInDefaults = {
  source: {
    secretRef: { name: "retrain-database", key: "DATABASE_URL" },
    timeZone: "Europe/Paris",
    tables: { bikeCount: "bike_count", weather: "weather", countersInfo: "counters_info" },
    columns: {
      bikeCount: { stationId: "station_id", date: "date", intensity: "intensity", order: "id" },
      weather: {
        date: "date",
        avgTemp: "avg_temp",
        maxTemp: "temperature_2m_max",
        minTemp: "temperature_2m_min",
        precipitation: "precipitation_mm",
        wind: "vent_max",
        order: "id",
      },
      countersInfo: { stationId: "station_id", name: "name", longitude: "longitude", latitude: "latitude" },
    },
    granularity: { bikeCount: "auto", weather: "auto" },
    blacklist: malfunctioning,
    exclude: [],
  } satisfies z.infer<typeof Source>,
  features: { holidayCountry: "FR" } satisfies z.infer<typeof Features>,
  training: {
    grid: { maxDepth: [3, 5, 7], learningRate: [0.01, 0.1], rounds: [100, 500, 1000] },
    folds: 3,
    fallback: { maxDepth: 7, learningRate: 0.01, rounds: 1000 },
    seed: 0,
    maxBin: 256,
  } satisfies Training,
  gate: {
    mode: "Enforce",
    windowDays: 28,
    minDays: 14,
    minWindowRows: 200,
    tolerancePercent: 5,
    minSkillPercent: 5,
    maxWorseStationsPercent: 20,
    worseStationPercent: 125,
    worseStationCounts: 5,
    backtestWindows: 3,
    maxBacktestLossPercent: 10,
    maxHistoryErrorPercent: 150,
    maxNewDataErrorPercent: 115,
  } satisfies Gate,
  checks: {
    minRows: 1000,
    maxAgeDays: 7,
    maxMissingWeatherPercent: 5,
    allowPartialWeather: false,
    maxCoordinateMedians: 5,
    maxStuckDays: 2,
    maxZeroDays: 19,
    partialDayPercent: 15,
    minRowsPercent: 90,
    minStationsPercent: 90,
    minLevelPercent: 50,
    maxLevelPercent: 200,
    minStationLevelPercent: 33,
    maxStationLevelPercent: 300,
    maxOffStationsPercent: 20,
    maxStuckPercent: 25,
    severity: {},
    recheck: { everyHours: 24, forDays: 7 },
  } satisfies Checks,
  storage: {
    claimName: "retrain-models",
    subPath: "",
    keepVersions: 12,
    keepRejected: false,
    legacyPickle: false,
  } satisfies Storage,
  job: {
    image: "retrain-trainer:0.1.0",
    resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { memory: "2Gi" } },
    activeDeadlineSeconds: 4 * 3600,
    pendingDeadlineSeconds: 15 * 60,
    retries: 2,
  } satisfies Job,
};
export const builtInModel = "bike-traffic";
