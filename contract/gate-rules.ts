interface RuleWords {
  /** The reason of a run that this rule rejected. */
  readonly reason: string;
  /** One sentence for people, also the description in the API reference. */
  readonly asks: string;
}

/** The rules of the gate by name, in the order in which they speak: the first failed one gives the run its reason. */
export const gateRules = {
  history: {
    reason: "HistoryChanged",
    asks: "the champion's error on its own newest training days is what it was when it was published",
  },
  champion: {
    reason: "WorseThanChampion",
    asks: "the candidate's MAE is not above the champion's by more than the tolerance",
  },
  skill: {
    reason: "TooLittleSkill",
    asks: "the candidate's MAE is clearly below that of mean(lag_1, lag_7)",
  },
  stations: {
    reason: "WorseStations",
    asks: "few stations are clearly worse than under the champion",
  },
  backtest: {
    reason: "BacktestFailed",
    asks: "the procedure beats mean(lag_1, lag_7) on earlier windows too",
  },
  newData: {
    reason: "NewDataDamagesModel",
    asks: "training on the new days does not spoil the days before them",
  },
} as const satisfies Record<string, RuleWords>;
export type GateRuleName = keyof typeof gateRules;
export const gateRuleNames = Object.keys(gateRules) as readonly GateRuleName[];
