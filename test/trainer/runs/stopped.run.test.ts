import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";

import type { RetrainRunSpec } from "../../../contract/retrain-run.ts";
import { openModelDirectory } from "../../../trainer/publish/directory.ts";
import { verifyVersion } from "../../../trainer/publish/manifest.ts";
import { startTestServer, type TestServer } from "../../support/database.ts";
import { copying, readers, slowDown } from "../../support/history.ts";
import type { LogLine } from "../../support/trainer-process.ts";
import { forced, input, reportOf, run, scene, start } from "./scene.ts";

jest.setTimeout(120_000);
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const done =
  (stage: string) =>
  (line: LogLine): boolean =>
    line.message === `${stage} done`;
const progressOf =
  (stage: string) =>
  (line: LogLine): boolean =>
    line["event"] === "progress" && line.stage === stage;

const grid = (rounds: number, maxDepth: number) => ({
  maxDepth: [maxDepth],
  learningRate: [0.3],
  rounds: [rounds],
});
/** Takes minutes. */
const endless = { maxDepth: [10, 11, 12], learningRate: [0.1, 0.2, 0.3], rounds: [20_000] };
const cancelled = {
  exitCode: 143,
  termination: { verdict: "Cancelled", reason: "Terminated" },
};

interface Case {
  readonly when: string;
  readonly training: RetrainRunSpec["training"];
  readonly gate: RetrainRunSpec["gate"];
  readonly at: (line: LogLine) => boolean;
  readonly stages: readonly string[];
}
const noEvaluation = { mode: "Off" } as const;
const moments: readonly Case[] = [
  {
    when: "the grid is searched",
    training: { grid: endless },
    gate: {},
    at: progressOf("search"),
    stages: ["open", "extract", "clean", "check"],
  },
  {
    when: "the procedure is tested",
    training: { grid: grid(4_000, 6), folds: 2 },
    gate: {},
    at: done("search"),
    stages: ["open", "extract", "clean", "check", "search"],
  },
  {
    when: "the final model is trained",
    training: { grid: grid(4_000, 6), folds: 2 },
    gate: noEvaluation,
    at: done("search"),
    stages: ["open", "extract", "clean", "check", "search"],
  },
];

describe("SIGTERM ends a run as Cancelled with 143 and a report, and leaves the current version", () => {
  test.concurrent.each([
    { signals: ["SIGTERM"], how: "once" },
    { signals: ["SIGTERM", "SIGTERM"], how: "twice" },
    { signals: ["SIGINT"], how: "as Ctrl-C" },
  ] as const)("while the rows are read, $how", async ({ signals }) => {
    await using on = await scene(server, { days: 2000 }); // All rows would take longer than this test may.
    const { version } = reportOf(await run(on));
    await slowDown(on.db, 0.01);
    using running = await start(on, { input: input({}, "0f0e0d0c-2") });
    await copying(on.db);
    for (const signal of signals) running.kill(signal);
    const ended = await running.judge();
    expect(ended).toMatchObject(cancelled);
    expect(reportOf(ended)).toMatchObject({ current: { version }, runUid: "0f0e0d0c-2" });
    expect(await readers(on.db)).toEqual([]); // The server has not gone on sending to nobody.
  });

  test.concurrent.each(moments)("while $when", async ({ training, gate, at, stages }) => {
    await using on = await scene(server);
    const { version } = reportOf(await run(on));
    using running = await start(on, { input: input({ training, gate }, "0f0e0d0c-2") });
    await running.saw(at);
    running.kill("SIGTERM");
    const ended = await running.judge();
    expect(ended).toMatchObject(cancelled);
    const report = reportOf(ended);
    expect(report).toMatchObject({ current: { version } });
    expect(report.stages.map(({ name }) => name)).toEqual(stages);
  });
});

describe("SIGTERM at the end of a run", () => {
  test.concurrent.each(["train", "verify"])(
    "after the stage %s gives the old or the new version, whole, and says which",
    async (stage) => {
      await using on = await scene(server);
      const first = reportOf(await run(on));
      using running = await start(on, { input: forced({}, "0f0e0d0c-2") });
      await running.saw(done(stage));
      running.kill("SIGTERM");
      const ended = await running.judge();
      const { verdict, version = first.version, current } = reportOf(ended);
      expect([
        [143, "Cancelled"],
        [0, "Published"],
      ]).toContainEqual([ended.exitCode, verdict]);
      expect(current?.version).toBe(version);
      await verifyVersion(await openModelDirectory(on.models, "bikes"), version ?? "");
      expect(await run(on, { input: input({}, "0f0e0d0c-3") })).toMatchObject({ exitCode: 0 });
    },
  );
});

describe("SIGKILL", () => {
  test.concurrent.each([
    { when: "in the search", training: { grid: endless }, at: done("check") },
    { when: "before the publication", training: {}, at: done("train") },
  ])("$when takes nothing with it: the next run is Published", async ({ training, at }) => {
    await using on = await scene(server);
    const { version } = reportOf(await run(on));
    using running = await start(on, { input: forced({ training }, "0f0e0d0c-2") });
    await running.saw(at);
    running.kill("SIGKILL");
    expect(await running.ended).toMatchObject({ exitCode: null, signal: "SIGKILL", report: undefined });
    const env = { LOCK_STALE_SECONDS: "5" };
    const next = await run(on, { input: forced({}, "0f0e0d0c-3"), env });
    expect(next).toMatchObject({ exitCode: 0, termination: { verdict: "Published" } });
    const directory = await openModelDirectory(on.models, "bikes");
    for (const each of [version, reportOf(next).version]) await verifyVersion(directory, each ?? "");
  });
});
