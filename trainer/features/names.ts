/**
 * The 22 features: names and order are a contract with every reader of a published model, the Python service
 * included. A change of a name, the order or a formula is a new contract version.
 */
export const featureNames = [
  "station_id",
  "latitude",
  "longitude",
  "avg_temp",
  "precipitation_mm",
  "vent_max",
  "day_of_week",
  "day_of_year",
  "month",
  "year",
  "is_weekend",
  "is_holiday",
  "day_of_week_sin",
  "day_of_week_cos",
  "month_sin",
  "month_cos",
  "is_rainy",
  "is_cold",
  "is_hot",
  "is_windy",
  "lag_1",
  "lag_7",
] as const;
export type FeatureName = (typeof featureNames)[number];

export const featureContractVersion = 1;

export const targetName = "intensity";

/** Column of a feature in a row of the matrix. */
export const columnOf = (name: FeatureName): number => featureNames.indexOf(name);
