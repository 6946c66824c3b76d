import type { GateRuleName } from "../../contract/gate-rules.ts";
import { gateRuleNames } from "../../contract/gate-rules.ts";
import type { Gate } from "../../contract/spec/gates.ts";
import type { GateRule } from "../../contract/trainer-report.ts";
import { history, newData } from "./against-before.ts";
import { backtest, skill } from "./against-naive.ts";
import { champion } from "./comparison.ts";
import type { Evidence, Rule } from "./evidence.ts";
import { stations } from "./stations.ts";

const rules: Readonly<Record<GateRuleName, Rule>> = { history, champion, skill, stations, backtest, newData };

/** Asks every rule that can be asked, in the order of the table of rules, so that all that is wrong is told at once. */
export const askRules = (evidence: Evidence, limits: Gate): GateRule[] =>
  gateRuleNames.flatMap((name) => {
    const finding = rules[name](evidence, limits);
    return finding === undefined ? [] : [{ name, ...finding }];
  });
