import { RunReason } from "../../../contract/run-reasons.ts";
import { conditionOf, type ConditionRecord } from "../moment.ts";
import type { Refusal, RunSeen } from "../seen.ts";
import { timeText } from "../times.ts";
import { hasGoneWell, hasMovedCurrent, type Ending } from "./ending.ts";

export type Word = Pick<ConditionRecord, "status" | "reason" | "message">;
export type Words = Partial<Record<ConditionRecord["type"], Word>>;

export const holds = ({ reason, message }: Refusal): Word => ({ status: "True", reason, message });
export const holdsNot = ({ reason, message }: Refusal): Word => ({ status: "False", reason, message });

/** Always in this order. `lastTransitionTime` is when the status changed, whatever reason and message did meanwhile. */
const types = ["Accepted", "Progressing", "Finished", "Succeeded", "Published"] as const;

export const conditionsOf = (run: RunSeen, words: Words, now: Date): ConditionRecord[] =>
  types.flatMap((type) => {
    const word = words[type];
    return word === undefined ? [] : [condition(run, type, word, now)];
  });

const longestMessage = 32_768;

function condition(run: RunSeen, type: ConditionRecord["type"], word: Word, now: Date): ConditionRecord {
  const before = conditionOf(run, type);
  const lastTransitionTime = before?.status === word.status ? before.lastTransitionTime : timeText(now);
  const { status, reason, message } = word;
  return {
    type,
    status,
    reason,
    message: message.slice(0, longestMessage),
    lastTransitionTime,
    observedGeneration: run.generation,
  };
}

export const accepted: Word = {
  status: "True",
  reason: RunReason.Valid,
  message: "What the run is made of is fixed in status.resolved",
};

const notFinished = { reason: RunReason.NotFinished, message: "The run has no verdict yet" };

/** What the conditions about the end say before it. */
export const unfinished: Words = {
  Finished: holdsNot(notFinished),
  Succeeded: { status: "Unknown", ...notFinished },
  Published: holdsNot(notFinished),
};

/** And after it: all carry the verdict as their reason. */
export function finished({ verdict, reason, message }: Ending): Words {
  const word = { reason: verdict, message: reason };
  return {
    Progressing: holdsNot(word),
    Finished: holds({ reason: verdict, message }),
    Succeeded: hasGoneWell(verdict) ? holds(word) : holdsNot(word),
    Published: hasMovedCurrent(verdict) ? holds(word) : holdsNot(word),
  };
}
