import { builtInDefaults } from "../../../contract/defaults.ts";
import type { GateRuleName } from "../../../contract/gate-rules.ts";
import type { Gate } from "../../../contract/spec/gates.ts";
import type {
  BacktestWindow,
  Evaluation,
  GateRule,
  Metrics,
  StationError,
} from "../../../contract/trainer-report.ts";
import type { Evidence } from "../../../trainer/gate/evidence.ts";
import { askRules } from "../../../trainer/gate/rules.ts";

export const parameters = { maxDepth: 7, learningRate: 0.01, rounds: 1000 };

export const metrics = (mae: number, n = 500): Metrics => ({
  n,
  mae,
  rmse: 2 * mae,
  wapePercent: mae / 5,
  r2: 0.9,
  bias: 0,
});

/** MAE in counts a day of one station. */
export interface StationMae {
  readonly station: string;
  readonly candidate: number;
  readonly champion?: number;
  readonly days?: number;
}

export const stationError = ({ station, candidate, champion, days = 28 }: StationMae): StationError => ({
  station,
  days,
  candidate: metrics(candidate, days),
  ...(champion === undefined ? {} : { champion: metrics(champion, days) }),
  naive: metrics(50, days),
});

interface Maes {
  readonly candidate?: number;
  readonly champion?: number;
  readonly naive?: number;
  readonly rows?: number;
  readonly stations?: readonly StationMae[];
}

/** November, in which the candidate has an MAE of 80 and mean(lag_1, lag_7) of 100. */
export function evaluation({
  candidate = 80,
  champion,
  naive = 100,
  rows = 500,
  stations = [],
}: Maes): Evaluation {
  return {
    window: { from: "2026-11-01", to: "2026-11-30", days: 30, rows },
    trainedRows: 9000,
    parameters,
    parametersFrom: "folds that end before the window: 2",
    candidate: metrics(candidate, rows),
    ...(champion === undefined ? {} : { champion: metrics(champion, rows) }),
    naive: metrics(naive, rows),
    lastWeek: metrics(110, rows),
    skillPercent: naive === 0 ? 0 : 100 * (1 - candidate / naive),
    unjudged: {},
    months: [],
    stations: stations.map(stationError),
    series: [],
  };
}

interface WindowMaes {
  readonly candidate?: number;
  readonly recipe?: number;
  readonly naive?: number;
  readonly rows?: number;
  readonly from?: string;
}

export const backtestWindow = ({
  candidate = 80,
  recipe,
  naive = 100,
  rows = 400,
  from = "2026-10-04",
}: WindowMaes = {}): BacktestWindow => ({
  window: { from, to: "2026-10-31", days: 28, rows },
  trainedRows: 8600,
  parameters,
  parametersFrom: "folds that end before the window: 2",
  candidate: metrics(candidate, rows),
  ...(recipe === undefined ? {} : { championRecipe: metrics(recipe, rows) }),
  naive: metrics(naive, rows),
  skillPercent: 100 * (1 - candidate / naive),
});

export const champion = {
  version: "20261101T010000Z-oct",
  dataThrough: "2026-10-31",
  rows: 9000,
  stations: 12,
  parameters,
};

export const tooSmall = "The window has 40 rows of 3 days, gate.minDays asks for 14 days";

/** A first run that nothing is known of: no window, no backtest, no champion. */
export const nothing: Evidence = { undecided: "The last 28 days have 40 rows", backtest: [] };

export const limits = (differs: Partial<Gate> = {}): Gate => ({ ...builtInDefaults.gate, ...differs });

/** What one rule says; undefined where it was not asked. */
export const asked = (
  name: GateRuleName,
  evidence: Partial<Evidence>,
  differs: Partial<Gate> = {},
): GateRule | undefined =>
  askRules({ ...nothing, undecided: undefined, ...evidence }, limits(differs)).find(
    (rule) => rule.name === name,
  );
