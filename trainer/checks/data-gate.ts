import { checks, type CheckName } from "../../contract/checks.ts";
import type { CheckResult } from "../../contract/trainer-report.ts";
import { RunFailure } from "../errors.ts";
import type { Check, Limits } from "./check.ts";
import type { Facts } from "./facts.ts";
import { rowsRatio, stationsRatio } from "./champion-ratios.ts";
import { level } from "./level.ts";
import { age, duplicates, empty, memory, rows } from "./limits.ts";
import { coordinates, partialDays, stuckValues, zeroRuns } from "./oddities.ts";
import { stationLevel } from "./station-level.ts";
import { stuck } from "./stuck.ts";
import { recentWeather, weather } from "./weather.ts";

/** The check `schema` is not among them: without the tables there are no facts to look at. */
const dataChecks: Readonly<Record<Exclude<CheckName, "schema">, Check>> = {
  empty,
  duplicates,
  rows,
  age,
  weather,
  recentWeather,
  rowsRatio,
  stationsRatio,
  level,
  stationLevel,
  stuck,
  memory,
  partialDays,
  stuckValues,
  zeroRuns,
  coordinates,
};

/** Asks every check, so that all that is wrong is told at once. */
export function judgeData(facts: Facts, limits: Limits): CheckResult[] {
  return Object.entries(dataChecks).flatMap(([key, check]) => {
    const name = key as keyof typeof dataChecks;
    const severity = limits.severity[name] ?? checks[name].severity;
    const finding = severity === "off" ? undefined : check(facts, limits);
    return finding === undefined || severity === "off" ? [] : [{ name, severity, ...finding }];
  });
}

/** Tables or columns that cannot be read: nothing else can be judged. */
export const schemaFailure = (problems: readonly string[]): CheckResult => ({
  name: "schema",
  severity: "error",
  passed: false,
  value: problems.length,
  limit: 0,
  message: `The source cannot be read: ${problems.join("; ")}`,
});

export const abortingChecks = (results: readonly CheckResult[]): CheckResult[] =>
  results.filter(({ passed, severity }) => !passed && severity === "error");

/** Reason and sentence of an aborted run: the first failed check speaks, the others are named. */
export function abortion(failed: readonly CheckResult[]): { reason: string; message: string } {
  const [first, ...others] = failed;
  if (first === undefined) throw new RunFailure("Bug", "A run was aborted although no check has failed");
  const also = others.length === 0 ? "" : ` (also failed: ${others.map(({ name }) => name).join(", ")})`;
  return { reason: checks[first.name].reason, message: `${first.message}${also}` };
}
