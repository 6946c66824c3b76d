import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { constants } from "node:os";
import { join } from "node:path";
import { expect } from "@jest/globals";

import { Configuration, trainerInput } from "../../../contract/configuration.ts";
import type { RetrainRunSpec } from "../../../contract/retrain-run.ts";
import { TerminationMessage, terminationMessageBytes } from "../../../contract/termination-message.ts";
import type { TrainerInput } from "../../../contract/trainer-input.ts";
import { TrainerReport } from "../../../contract/trainer-report.ts";
import type { TestDatabase, TestServer } from "../../support/database.ts";
import { fillHistory, nightAfter, type HistoryPlan } from "../../support/history.ts";
import {
  logLines,
  runTrainer,
  startTrainer,
  type EndedTrainer,
  type LogLine,
  type RunningTrainer,
  type TrainerCall,
} from "../../support/trainer-process.ts";
import { currentText, modelsVolume } from "../publish/scene.ts";

/** No message may have it in it, in any spelling: everything but its last words changes when it is encoded. */
export const secretWords = "hidden-words";
const password = `p@ss:w/rd %41?#&=+ü'"\\${secretWords}`;

/** A filled database, a user who may only read it, and an empty models volume. */
export interface Scene extends AsyncDisposable {
  readonly db: TestDatabase["db"];
  /** The reader's URL, the password percent-encoded. */
  readonly url: string;
  readonly role: string;
  readonly models: string;
}

export async function scene(
  server: Pick<TestServer, "createDatabase">,
  plan: HistoryPlan = {},
): Promise<Scene> {
  const database = await server.createDatabase();
  const { db } = database;
  const models = await modelsVolume();
  const role = `reader_${randomBytes(4).toString("hex")}`;
  await fillHistory(db, plan);
  await db.none("CREATE ROLE $1:name LOGIN PASSWORD $2 IN ROLE pg_read_all_data", [role, password]);
  const url = new URL(database.url);
  url.username = role;
  url.password = encodeURIComponent(password);
  const dispose = async () => {
    await db.none("DROP ROLE $1:name", [role]);
    await database[Symbol.asyncDispose]();
    await models[Symbol.asyncDispose]();
  };
  return { db, url: url.href, role, models: models.path, [Symbol.asyncDispose]: dispose };
}

export const smallGrid = { maxDepth: [2, 3], learningRate: [0.3], rounds: [5, 10] };

/** The input of a run of the model `bikes`, in the night after the history's last day, with a grid of a second. */
export function input(spec: RetrainRunSpec = {}, uid = "0f0e0d0c-1"): TrainerInput {
  const merged: RetrainRunSpec = {
    model: "bikes",
    ...spec,
    source: { asOf: nightAfter, ...spec.source },
    // Two threads wait for each other long on a machine that is busy with other tests.
    training: { grid: smallGrid, threads: 1, ...spec.training },
  };
  return trainerInput(merged, Configuration.parse({ model: "bikes" }), uid);
}

/** A run that may publish the same data once more. */
export const forced = (spec: RetrainRunSpec, uid: string): TrainerInput =>
  input({ force: { reason: "the test needs another version" }, ...spec }, uid);

export type RunCall = TrainerCall & { readonly input?: TrainerInput };

const callOf = ({ url, models }: Pick<Scene, "url" | "models">, call: RunCall): TrainerCall => ({
  ...call,
  env: {
    TRAINER_INPUT: JSON.stringify(call.input ?? input()),
    DATABASE_URL: url,
    MODELS_DIR: models,
    ...call.env,
  },
});

/** What a run left behind, understood. */
export interface Ended {
  readonly exitCode: number;
  readonly log: readonly LogLine[];
  readonly report: TrainerReport | undefined;
  readonly termination: TerminationMessage;
}

/** Runs the trainer and checks what holds for every run, however it ends; see `judged`. */
export async function run(on: Pick<Scene, "url" | "models">, call: RunCall = {}): Promise<Ended> {
  const before = currentText(on.models);
  return await judged(on.models, before, await runTrainer(callOf(on, call)));
}

/** Starts the trainer; `judge` waits for its end and checks as `run` does. */
export async function start(
  on: Pick<Scene, "url" | "models">,
  call: RunCall = {},
): Promise<RunningTrainer & { readonly judge: () => Promise<Ended> }> {
  const before = currentText(on.models);
  const running = await startTrainer(callOf(on, call));
  return { ...running, judge: async () => await judged(on.models, before, await running.ended) };
}

/** The run's report, of a run that must have one. */
export function reportOf({ report }: Ended): TrainerReport {
  if (report === undefined) throw new Error("The run left no report");
  return report;
}

/**
 * Checks what holds for every run: nothing tells the password, the log is JSON, both reports are valid and agree with
 * each other, the sentence is one line, nothing is staged, and CURRENT.json has changed only if the run was published.
 */
async function judged(models: string, before: string, ended: EndedTrainer): Promise<Ended> {
  const { stdout, stderr } = ended;
  const exitCode = codeOf(ended);
  expect(`${stdout}${stderr}${ended.report ?? ""}${ended.termination ?? ""}`).not.toContain(secretWords);
  expect(stderr).toBe("");
  expect(Buffer.byteLength(ended.termination ?? "")).toBeLessThanOrEqual(terminationMessageBytes);
  const log = logLines(stdout);
  const termination = TerminationMessage.strict().parse(JSON.parse(ended.termination ?? "{}"));
  const report = ended.report === undefined ? undefined : TrainerReport.parse(JSON.parse(ended.report));

  expect(termination.message).toMatch(/^[A-Z0-9].{20,}$/);
  expect(termination.message).not.toMatch(/undefined|\[object/);
  if (report !== undefined) expect(pick(termination)).toEqual(pick(report));
  if (report !== undefined) expect(report.exitCode).toBe(exitCode);
  if (!["Published", "Restored"].includes(termination.verdict)) expect(currentText(models)).toBe(before);
  expect(await staged(models)).toEqual([]);
  return { exitCode, log, report, termination };
}

/**
 * As a container's runtime tells it: 128 and the number of the signal that ended the process. A second signal may do
 * that to a run that has reported its end already, when Node has taken its handlers down.
 */
const codeOf = ({ exitCode, signal }: EndedTrainer): number =>
  exitCode ?? 128 + (signal === null ? 0 : constants.signals[signal]);

const pick = ({ runUid, verdict, reason }: TerminationMessage | TrainerReport) => ({
  runUid,
  verdict,
  reason,
});

async function staged(models: string): Promise<readonly string[]> {
  const staging = join(models, "bikes", ".staging");
  return existsSync(staging) ? await readdir(staging) : [];
}
