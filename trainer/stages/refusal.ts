import { Reason } from "../../contract/reasons.ts";
import { preprocessorJson } from "../artifacts/preprocessor.ts";
import { rejection } from "../gate/judge.ts";
import { holdOf } from "../publish/hold.ts";
import { endingOf, trainedOn, type Outcome } from "../report/ending.ts";
import type { Run } from "../run.ts";
import type { Fitted } from "../xgboost/messages.ts";
import type { Volume } from "./open.ts";
import type { Work } from "./work.ts";

type Refusal = Extract<Outcome, { kind: "rejected" | "skipped" | "aborted" }>;

/** Why the candidate may not become current: the gate's verdict, then a hold. A forced run is never refused. */
export function refusalOf({ input, draft, clock }: Run, { standing }: Volume): Refusal | undefined {
  if (input.force !== undefined) return undefined;
  const { gate } = draft;
  if (gate?.mode === "Enforce" && !gate.passed) return { kind: "rejected", ...rejection(gate) };
  const hold = standing.kind === "sound" ? holdOf(standing.pointer, clock()) : undefined;
  if (hold === undefined) return undefined;
  const until = hold.until === undefined ? "" : ` until ${hold.until}`;
  return {
    kind: "skipped",
    reason: Reason.Held,
    message: `The current version is held by ${hold.by} since ${hold.since}${until} (${hold.why}), else the candidate would have become current; end it with npm run models -- release ${input.model}, or set spec.force`,
  };
}

/** The end of a dry run that would have published. */
export const wouldPublish = ({ draft }: Run): Outcome => ({
  kind: "dry-run",
  would: `the candidate may become current, ${trainedOn(draft)}`,
});

/** A dry run says how it would have ended. What aborts or fails it is no question of publishing, and stays. */
export function asDryRun({ draft }: Run, outcome: Outcome): Outcome {
  if (outcome.kind !== "rejected" && outcome.kind !== "skipped") return outcome;
  const { verdict, reason, message } = endingOf(outcome, draft);
  return { kind: "dry-run", would: `the run would be ${verdict}/${reason}: ${message}` };
}

/** Keeps a refused candidate's files beside its report, where storage.keepRejected asks for it. */
export function keepRejected({ draft, input }: Run, { history }: Work, { model }: Fitted): void {
  const dataThrough = draft.data?.dataThrough ?? "";
  const parts = { version: neverPublished, model, input, stations: history.stations, dataThrough };
  draft.kept = new Map<string, string | Uint8Array>([
    ["model.ubj", model],
    ["preprocessor.json", preprocessorJson(parts)],
  ]);
}

/** The name in the preprocessor of a candidate that never got one. */
const neverPublished = "00000000T000000Z-rejected";
