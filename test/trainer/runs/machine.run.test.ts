import { mkdtemp, readdir, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import winston from "winston";

import { TrainerReport } from "../../../contract/trainer-report.ts";
import { readConfig } from "../../../trainer/config.ts";
import { execute, type Machine } from "../../../trainer/execute.ts";
import { logDisplay } from "../../../trainer/progress.ts";
import { startTestServer, type TestServer } from "../../support/database.ts";
import { currentText } from "../publish/scene.ts";
import { forced, scene, type Scene } from "./scene.ts";

jest.setTimeout(120_000);
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const log = winston.createLogger({ silent: true });
const real: Machine = {
  clock: () => new Date(),
  seconds: () => performance.now() / 1000,
  threads: 2,
  memoryLimitBytes: undefined,
  peakMemoryBytes: () => process.resourceUsage().maxRSS * 1024,
};

/** A run in this process, on a machine of which the test decides some facts: a fake where it differs from `real`. */
async function runOn(on: Scene, uid: string, fake: Partial<Machine>): Promise<TrainerReport> {
  const scratch = await mkdtemp(join(tmpdir(), "retrain-run-"));
  const { XGBOOST_LIBRARY, XDG_CACHE_HOME = join(homedir(), ".cache") } = process.env;
  const environment = { DATABASE_URL: on.url, MODELS_DIR: on.models, TERMINATION_LOG: join(scratch, "log") };
  try {
    const machine = { ...real, ...fake };
    const report = await execute({
      input: forced({}, uid),
      config: readConfig({ ...environment, XGBOOST_LIBRARY, XDG_CACHE_HOME }),
      machine,
      log,
      display: logDisplay(log, machine.seconds),
      signal: new AbortController().signal,
    });
    return TrainerReport.parse(report);
  } finally {
    await rm(scratch, { recursive: true });
  }
}

test("a container with too little memory: Aborted before the training, with the need and the limit", async () => {
  await using on = await scene(server);
  const report = await runOn(on, "0f0e0d0c-1", { memoryLimitBytes: 64 * 2 ** 20 });
  expect(report).toMatchObject({ verdict: "Aborted", reason: "NotEnoughMemory", exitCode: 0 });
  expect(report.message).toMatch(
    /needs about \d+ MiB, the container may use 64 MiB; raise job\.resources\.limits\.memory/,
  );
  expect(currentText(on.models)).toBe("");
});

describe("a machine whose clock", () => {
  const at = (text: string) => () => new Date(text);
  /** Every look at it is an hour earlier than the one before. */
  function backwards(from: string): () => Date {
    let now = new Date(from).getTime();
    return () => new Date((now -= 3_600_000));
  }

  test.each([
    { when: "was set back by a year since the last run", clock: at("2024-07-01T00:00:00Z") },
    { when: "stands still", clock: at("2025-07-01T00:00:00Z") },
    { when: "runs backwards during the run", clock: backwards("2025-07-01T00:00:00Z") },
  ])("$when: the new version is current all the same", async ({ clock }) => {
    await using on = await scene(server);
    const first = await runOn(on, "0f0e0d0c-1", { clock: at("2025-07-01T00:00:00Z") });
    const second = await runOn(on, "0f0e0d0c-2", { clock });
    expect([first.verdict, second.verdict]).toEqual(["Published", "Published"]);
    expect(JSON.parse(currentText(on.models))).toMatchObject({
      version: second.version,
      previous: first.version,
      generation: 2,
      runUid: "0f0e0d0c-2",
    });
    expect(new Set(await readdir(join(on.models, "bikes", "versions")))).toEqual(
      new Set([first.version, second.version]),
    );
  });
});
