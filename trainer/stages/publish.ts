import { readFile } from "node:fs/promises";
import path from "node:path";

import { Reason } from "../../contract/reasons.ts";
import type { Force } from "../../contract/retrain-run.ts";
import type { TrainerReport } from "../../contract/trainer-report.ts";
import { modelCard } from "../artifacts/card.ts";
import { preprocessorJson, preprocessorOf } from "../artifacts/preprocessor.ts";
import { RunFailure } from "../errors.ts";
import { publishedReason, rejection } from "../gate/judge.ts";
import { legacyFiles } from "../legacy/legacy-files.ts";
import type { Run } from "../run.ts";
import { holdOf } from "../publish/hold.ts";
import { publish } from "../publish/publish.ts";
import { pruneVersions } from "../publish/retention.ts";
import { stage, type Staging } from "../publish/staging.ts";
import type { Outcome } from "../report/ending.ts";
import type { Fitted } from "../xgboost/messages.ts";
import { verifyModel } from "./verify.ts";
import type { Volume } from "./open.ts";
import type { Work } from "./work.ts";

type Published = Extract<Outcome, { kind: "published" }>;

/** Writes the version, verifies the model from the written bytes, and makes it current by one rename. */
export async function publishStage(run: Run, work: Work, fitted: Fitted): Promise<Outcome> {
  const { input, draft, log, clock, stages } = run;
  const warn = (sentence: string): void => {
    log.warn(sentence, { stage: "publish" });
  };
  await using staging = await stage(work.volume.directory, {
    runUid: input.runUid,
    now: clock(),
    say: warn,
    onStep: (step, detail) => {
      log.debug(step, { stage: "publish", detail });
    },
  });
  await stages.run("verify", async () => {
    await staging.write("model.ubj", fitted.model);
    const written = await readFile(path.join(staging.versionPath, "model.ubj"));
    await verifyModel(written, work, fitted);
  });
  const outcome = publishedOutcome(run, work.volume, staging.version);
  await stages.run("report", () => writeReports(run, staging, outcome));
  return await stages.run("publish", async (): Promise<Outcome> => {
    await writeArtifacts(run, staging, work, fitted);
    run.signal.throwIfAborted();
    draft.publishing = true;
    const { version, unfinished } = await publish(staging, publicationOf(run, work));
    draft.version = version;
    draft.current = { version, runUid: input.runUid };
    await prune(run, work, warn);
    return {
      ...outcome,
      notes: [...outcome.notes, ...(unfinished === undefined ? [] : [unfinished.message])],
    };
  });
}

const publicationOf = ({ input, clock }: Run, { volume }: Work) => ({
  standing: volume.standing,
  lock: volume.lock,
  by: input.requestedBy ?? input.trigger,
  why:
    input.force?.reason ?? (input.period === undefined ? `${input.trigger} run` : `period ${input.period}`),
  clock,
});

/** Why it may be published, and in plain words what was overridden or not asked. */
function publishedOutcome(run: Run, volume: Volume, version: string): Published {
  const { gate } = run.draft;
  const failed = gate === undefined || gate.passed ? [] : [rejection(gate).message];
  if (run.input.force !== undefined) {
    const notes = [...forceNotes(run, volume, run.input.force), ...failed];
    return { kind: "published", version, reason: Reason.Forced, notes };
  }
  const unasked = gate?.decidedBy === "nothing" ? [gate.why] : [];
  const notes = failed.length > 0 ? ["gate.mode is Warn", ...failed] : unasked;
  return { kind: "published", version, reason: publishedReason(gate), notes };
}

function forceNotes({ input, clock }: Run, { standing }: Volume, { reason }: Force): string[] {
  const hold = standing.kind === "sound" ? holdOf(standing.pointer, clock()) : undefined;
  return [
    `Forced by ${input.requestedBy ?? input.trigger} (${reason})`,
    ...(hold === undefined ? [] : [`It ended the hold of ${hold.by} (${hold.why})`]),
    ...(standing.kind === "unusable"
      ? [`It went past an unusable current version: ${standing.problem}`]
      : []),
  ];
}

const json = (document: unknown): string => `${JSON.stringify(document, null, 1)}\n`;

/** The run's own report, as it will be once the version is current. */
async function writeReports(run: Run, staging: Staging, outcome: Published): Promise<void> {
  const { version, runUid } = staging;
  const report: TrainerReport = { ...run.reportSoFar(outcome), version, current: { version, runUid } };
  await staging.write("report.json", json(report));
  await staging.write("card.md", modelCard(report, version));
  const page = await run.page(report);
  if (page === undefined) return;
  run.draft.page = page;
  await staging.write("report.html", page);
}

async function writeArtifacts(run: Run, staging: Staging, { history }: Work, fitted: Fitted): Promise<void> {
  const { draft, input } = run;
  const { data, checks, training, evaluation, evaluationSkipped, backtest, gate } = draft;
  if (data?.dataThrough === undefined || training === undefined)
    throw new RunFailure("Bug", "A model was trained without a last day");
  const { model } = fitted;
  const { stations } = history;
  const parts = { version: staging.version, model, input, stations, dataThrough: data.dataThrough };
  await staging.write("preprocessor.json", preprocessorJson(parts));
  await staging.write(
    "metrics.json",
    json({ data, training, evaluation, evaluationSkipped, backtest, gate }),
  );
  await staging.write("checks.json", json(checks));
  if (!input.storage.legacyPickle) return;
  const { maxBin } = input.training;
  const parameters = { ...training.winner, seed: training.seed, maxBin };
  const legacy = legacyFiles({ model, parameters, preprocessor: preprocessorOf(parts) });
  for (const [name, bytes] of Object.entries<Uint8Array>({ ...legacy })) await staging.write(name, bytes);
}

/** What is old goes only after the new version is current; that it stays a month longer is no reason to fail. */
async function prune(run: Run, { volume }: Work, warn: (sentence: string) => void): Promise<void> {
  const { lock } = volume;
  const options = { lock, keep: run.input.storage.keepVersions, now: run.clock(), dryRun: false, say: warn };
  try {
    await pruneVersions(volume.directory, options);
  } catch (error) {
    warn(`Old versions were not removed; the next run tries again: ${String(error)}`);
  }
}
