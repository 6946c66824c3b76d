import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";

import { TrainerReport } from "../../../contract/trainer-report.ts";
import { startTestServer, type TestServer } from "../../support/database.ts";
import type { LogLine } from "../../support/trainer-process.ts";
import { currentText } from "../publish/scene.ts";
import { forced, input, reportOf, run, scene, start } from "./scene.ts";

jest.setTimeout(180_000);
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
const soonStale = { LOCK_STALE_SECONDS: "5" };

describe("two runs of one model at once", () => {
  test.concurrent("the second waits for the first and then finds nothing new", async () => {
    await using on = await scene(server);
    using first = await start(on);
    await first.saw(done("open"));
    using second = await start(on, { input: input({}, "0f0e0d0c-2") });
    await second.saw(({ message }) => message.startsWith("Waiting up to"));
    const [winner, other] = [await first.judge(), await second.ended];
    expect(winner.termination).toMatchObject({ verdict: "Published" });
    expect(JSON.parse(other.termination ?? "{}")).toMatchObject({ verdict: "Skipped", reason: "NoNewData" });
    expect(readdirSync(join(on.models, "bikes", "versions"))).toHaveLength(1);
  });

  test.concurrent(
    "a run that was stopped too long finds its lock taken over, and changes nothing",
    async () => {
      await using on = await scene(server);
      await run(on);
      using stopped = await start(on, { input: forced({}, "0f0e0d0c-2"), env: soonStale });
      await stopped.saw(done("search"));
      stopped.kill("SIGSTOP");
      const other = await run(on, { input: forced({ training: { seed: 3 } }, "0f0e0d0c-3"), env: soonStale });
      expect(other.termination).toMatchObject({ verdict: "Published" });
      stopped.kill("SIGCONT");
      const late = await stopped.ended;
      const report = TrainerReport.parse(JSON.parse(late.report ?? "{}"));
      expect(late.exitCode).toBe(75);
      expect(report).toMatchObject({ verdict: "Failed", reason: "ModelLocked" });
      expect(report.version).toBeUndefined();
      expect(currentText(on.models)).toContain(`"version": "${reportOf(other).version ?? ""}"`);
      expect(readdirSync(join(on.models, "bikes", "versions"))).toHaveLength(2);
    },
  );
});
