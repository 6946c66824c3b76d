import type { TrainerReport } from "../../../contract/trainer-report.ts";
import { champion, checkResults, cityReport, gateReport, version } from "./city-report.ts";

type Report = TrainerReport;
type Ended = Pick<Report, "verdict" | "reason" | "message"> & Partial<Report>;

const before = { version: champion, runUid: "0b1c2d3e-0000-4000-8000-000000000001" };

/** A run of the same city that published nothing. */
function unpublished(ended: Ended): Report {
  const { version: _, ...rest } = cityReport();
  return { ...rest, current: before, ...ended };
}

/** A run that ended before anything was trained. */
function untrained(ended: Ended): Report {
  const { training, evaluation, backtest, backtestSkipped, gate, stages: done, ...rest } = unpublished(ended);
  return { ...rest, stages: done.slice(0, 4), ...ended };
}

const stale =
  "The newest count is of 2024-10-17, 51 days before 2024-12-07, expected at most 7; check the import of counts, or set source.asOf";

/** How runs of the city can end. */
export const reports = {
  published: () => cityReport(),
  firstRun: (): Report => {
    const { evaluation, gate, backtest, backtestSkipped, ...rest } = cityReport();
    const { champion: _, difference, unknownStations, ...alone } = evaluation;
    const withoutChampion = <T extends { champion?: unknown }>({ champion: __, ...line }: T) => line;
    return {
      ...rest,
      period: "2024-12",
      evaluation: {
        ...alone,
        months: evaluation.months.map(withoutChampion),
        stations: evaluation.stations.map(withoutChampion),
        series: evaluation.series.map(withoutChampion),
      },
      gate: {
        mode: "Enforce",
        passed: true,
        decidedBy: "skill",
        why: "There is no champion and the history is too short for a backtest: only the skill on the last 28 days was asked for",
        rules: gate.rules.filter(({ name }) => name === "skill"),
      },
      backtestSkipped,
    };
  },
  rejected: () =>
    unpublished({
      verdict: "Rejected",
      reason: "WorseThanChampion",
      message: "The candidate's MAE is 112.4 % of the champion's, allowed are 105 %",
      gate: {
        ...gateReport(),
        passed: false,
        rules: gateReport().rules.map((rule) =>
          rule.name === "champion"
            ? {
                ...rule,
                passed: false,
                value: 112.4,
                message: "The candidate's MAE is 112.4 % of the champion's, allowed are 105 %",
              }
            : rule,
        ),
      },
    }),
  aborted: () =>
    untrained({
      verdict: "Aborted",
      reason: "StaleData",
      message: stale,
      checks: checkResults().map((check) =>
        check.name === "age" ? { ...check, passed: false, value: 51, limit: 7, message: stale } : check,
      ),
    }),
  skipped: () =>
    untrained({
      verdict: "Skipped",
      reason: "NoNewData",
      message: `Data and recipe are those of the current version ${champion}`,
    }),
  restored: (): Report => {
    const { data, ...rest } = untrained({
      verdict: "Restored",
      reason: "RestoredVersion",
      message: `Version ${champion} is current again instead of ${version}`,
      trigger: "Manual",
      requestedBy: "ann@city.example",
      checks: [],
      restored: {
        version: champion,
        from: version,
        hold: {
          by: "ann@city.example",
          why: "The forecasts of December are too low",
          since: "2024-12-09T09:12:00.000Z",
        },
      },
    });
    return { ...rest, stages: [{ name: "publish", seconds: 0.2 }] };
  },
  failed: (): Report => {
    const { data, ...rest } = untrained({
      verdict: "Failed",
      reason: "DatabaseUnavailable",
      message:
        "Cannot connect to db.example:5432: connection refused; check that the database runs, and DATABASE_URL",
      exitCode: 75,
      checks: [],
    });
    return { ...rest, stages: [] };
  },
} satisfies Record<string, () => Report>;
