import { gateRules } from "../../contract/gate-rules.ts";
import { given } from "../../contract/given.ts";
import { Reason } from "../../contract/reasons.ts";
import type { Gate } from "../../contract/spec/gates.ts";
import type { GateReport } from "../../contract/trainer-report.ts";
import { counted } from "../checks/facts.ts";
import { RunFailure } from "../errors.ts";
import { skillEvaluation } from "./against-naive.ts";
import { comparisonOf } from "./comparison.ts";
import type { Evidence } from "./evidence.ts";
import { askRules } from "./rules.ts";

/**
 * Whether the candidate may replace the champion. Every rule that can be asked must pass; where none could compare
 * anything, that is said. Throws RunFailure("Bug") for an error that is not a number.
 */
export function judge(evidence: Evidence, gate: Gate): GateReport {
  const isOff = gate.mode === "Off";
  const rules = isOff ? [] : askRules(evidence, gate);
  return {
    mode: gate.mode,
    passed: rules.every(({ passed }) => passed),
    ...(isOff ? unasked : decision(evidence)),
    rules,
    ...given({ champion: evidence.champion }),
  };
}

type Decision = Pick<GateReport, "decidedBy" | "why">;

const unasked: Decision = { decidedBy: "nothing", why: "gate.mode is Off: no rule was asked" };

function decision(evidence: Evidence): Decision {
  const compared = comparisonOf(evidence);
  if (compared === undefined) return againstNaive(evidence);
  return compared.on === "window"
    ? {
        decidedBy: "window",
        why: `Candidate and champion were compared on ${compared.where}, days that neither has trained on`,
      }
    : {
        decidedBy: "backtest",
        why: `${upper(whyNotJudged(evidence))}, so the recipes of candidate and champion were compared on ${compared.where}`,
      };
}

/** There is no champion, or nothing to compare it on. */
function againstNaive(evidence: Evidence): Decision {
  const { champion, backtest } = evidence;
  const window = skillEvaluation(evidence)?.window;
  const on = [
    ...(window === undefined ? [] : [`the days from ${window.from} to ${window.to}`]),
    ...(backtest.length === 0 ? [] : [counted(backtest.length, "earlier window")]),
  ];
  const because = upper(champion === undefined ? "there is no champion" : whyNotJudged(evidence));
  if (on.length > 0) {
    const where = on.join(" and ");
    return {
      decidedBy: "skill",
      why: `${because}, so the candidate was compared with mean(lag_1, lag_7) only, on ${where}`,
    };
  }
  const why = `${upper(whyNotJudged(evidence))}, and no earlier window has enough history, so the candidate was compared with nothing`;
  return { decidedBy: "nothing", why };
}

const whyNotJudged = (evidence: Evidence): string =>
  evidence.undecided ?? "no row of the gate window can be scored";

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Reason and sentence of a rejected run: the first failed rule speaks, the others are named. */
export function rejection({ rules }: GateReport): { reason: string; message: string } {
  const [first, ...others] = rules.filter(({ passed }) => !passed);
  if (first === undefined) {
    throw new RunFailure("Bug", "A candidate was rejected although no rule has failed");
  }
  const also = others.length === 0 ? "" : ` (also failed: ${others.map(({ name }) => name).join(", ")})`;
  return { reason: gateRules[first.name].reason, message: `${first.message}${also}` };
}

/**
 * The reason of a published run that nobody forced. Throws RunFailure("Bug") for a candidate that may not be
 * published: never judged, or refused in mode Enforce.
 */
export function publishedReason(gate: GateReport | undefined): Reason {
  if (gate?.passed === true) {
    return gate.decidedBy === "backtest" ? Reason.DecidedByBacktest : Reason.NewVersion;
  }
  if (gate?.mode === "Warn") return Reason.GateWarned;
  const why = gate === undefined ? "it was never judged" : "the gate has refused it";
  throw new RunFailure("Bug", `A candidate was published although ${why}`);
}
