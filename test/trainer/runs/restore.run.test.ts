import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";

import type { RetrainRunSpec } from "../../../contract/retrain-run.ts";
import { startTestServer, type TestServer } from "../../support/database.ts";
import { forced, input, reportOf, run, scene, type Ended, type Scene } from "./scene.ts";

jest.setTimeout(180_000);
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const pathOf = (on: Scene, ...parts: readonly string[]): string => join(on.models, "bikes", ...parts);
const json = (on: Scene, name: string): unknown => JSON.parse(readFileSync(pathOf(on, name), "utf8"));
const verdictOf = ({ exitCode, termination: { verdict, reason } }: Ended): unknown[] => [
  exitCode,
  verdict,
  reason,
];

interface TwoVersions extends Scene {
  readonly older: string;
  readonly newer: string;
}

/** Two versions, the second of which is current. */
async function twoVersions(): Promise<TwoVersions> {
  const on = await scene(server);
  const { version: older = "" } = reportOf(await run(on));
  const { version: newer = "" } = reportOf(
    await run(on, { input: forced({ training: { seed: 7 } }, "0f0e0d0c-2") }),
  );
  return { ...on, older, newer };
}

/** A restore gets no database. */
const restore = (on: Scene, version: string, differs: Partial<NonNullable<RetrainRunSpec["restore"]>> = {}) =>
  run(on, {
    input: input(
      { requestedBy: "ann", restore: { version, reason: "June is wrong", ...differs } },
      "0f0e0d0c-3",
    ),
    env: { DATABASE_URL: "", XGBOOST_LIBRARY: "/nowhere" },
  });
const next = (on: Scene, spec: RetrainRunSpec = {}): Promise<Ended> =>
  run(on, { input: input({ trigger: "Schedule", ...spec }, "0f0e0d0c-4") });

describe("a restore as a run", () => {
  test.concurrent(
    "makes the older version current again, holds it, and needs neither database nor library",
    async () => {
      await using on = await twoVersions();
      const ended = await restore(on, on.older);
      expect(verdictOf(ended)).toEqual([0, "Restored", "RestoredVersion"]);
      expect(ended.termination.message).toContain(`${on.older} is current again instead of ${on.newer}`);
      expect(reportOf(ended).restored).toMatchObject({
        version: on.older,
        from: on.newer,
        hold: { by: "ann" },
      });
      expect(json(on, "CURRENT.json")).toMatchObject({
        version: on.older,
        previous: on.newer,
        generation: 3,
        hold: { by: "ann", why: "June is wrong" },
      });
      expect(json(on, "history/000003.json")).toMatchObject({
        kind: "Restore",
        by: "ann",
        state: "committed",
      });
      expect(json(on, "preprocessor_v1.json")).toMatchObject({ version: on.older });
    },
  );

  test.concurrent(
    "the next scheduled run is judged and ends Skipped as Held; a forced one publishes and ends the hold",
    async () => {
      await using on = await twoVersions();
      await restore(on, on.older);
      const ended = await next(on, { training: { seed: 9 } });
      expect(verdictOf(ended)).toEqual([0, "Skipped", "Held"]);
      expect(ended.termination.message).toMatch(/held by ann .*June is wrong.* release bikes/);
      expect(reportOf(ended).gate?.passed).toBe(true);
      expect(json(on, "CURRENT.json")).toMatchObject({ version: on.older });

      const last = await run(on, { input: forced({ training: { seed: 9 } }, "0f0e0d0c-5") });
      expect(verdictOf(last)).toEqual([0, "Published", "Forced"]);
      expect(json(on, "CURRENT.json")).not.toHaveProperty("hold");
    },
  );

  test.concurrent("what was rolled back is not trained again: Rejected as KnownBad", async () => {
    await using on = await twoVersions();
    await restore(on, on.older, { hold: false });
    expect(json(on, "CURRENT.json")).not.toHaveProperty("hold");
    const ended = await next(on, { training: { seed: 7 } });
    expect(verdictOf(ended)).toEqual([0, "Rejected", "KnownBad"]);
    expect(ended.termination.message).toContain(on.newer);
  });
});

describe("a restore from or to something damaged", () => {
  test.concurrent("refuses a damaged version and names the file", async () => {
    await using on = await twoVersions();
    const model = pathOf(on, "versions", on.older, "model.ubj");
    const bytes = readFileSync(model);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    writeFileSync(model, bytes);
    const ended = await restore(on, on.older);
    expect(verdictOf(ended)).toEqual([78, "Failed", "VersionUnusable"]);
    expect(ended.termination.message).toContain("model.ubj");
    expect(json(on, "CURRENT.json")).toMatchObject({ version: on.newer });
  });

  test.concurrent("refuses a version that does not exist and names those that do", async () => {
    await using on = await twoVersions();
    const ended = await restore(on, "20200101T000000Z-none");
    expect(verdictOf(ended)).toEqual([78, "Failed", "VersionUnusable"]);
    expect(ended.termination.message).toContain(on.older);
  });

  test.concurrent("in a dry run refuses alike, and of a good version changes nothing", async () => {
    await using on = await twoVersions();
    const dry = (version: string, uid: string): Promise<Ended> =>
      run(on, { input: input({ dryRun: true, restore: { version, reason: "June is wrong" } }, uid) });
    expect(verdictOf(await dry("20200101T000000Z-none", "0f0e0d0c-3"))).toEqual([
      78,
      "Failed",
      "VersionUnusable",
    ]);
    const ended = await dry(on.older, "0f0e0d0c-4");
    expect(verdictOf(ended)).toEqual([0, "DryRun", "DryRunRequested"]);
    expect(ended.termination.message).toContain(`${on.older} is complete and would become current again`);
    expect(json(on, "CURRENT.json")).toMatchObject({ version: on.newer, generation: 2 });
  });

  test.concurrent("is the way out when the current version is damaged", async () => {
    await using on = await twoVersions();
    writeFileSync(pathOf(on, "CURRENT.json"), "{");
    const ended = await restore(on, on.older);
    expect(verdictOf(ended)).toEqual([0, "Restored", "RestoredVersion"]);
    expect(json(on, "CURRENT.json")).toMatchObject({ version: on.older });
  });
});

describe("the same run once more, as after a lost answer", () => {
  test.concurrent("says again that it was published, and publishes nothing", async () => {
    await using on = await scene(server);
    const first = reportOf(await run(on));
    const again = reportOf(await run(on));
    expect(again).toMatchObject({ verdict: "Published", version: first.version, data: first.data });
    expect(readdirSync(pathOf(on, "versions"))).toEqual([first.version]);
    expect(readdirSync(pathOf(on, "history"))).toEqual(["000001.json"]);
  });

  test.concurrent("says again that it restored, and restores nothing", async () => {
    await using on = await twoVersions();
    await restore(on, on.older);
    const again = await restore(on, on.older);
    expect(verdictOf(again)).toEqual([0, "Restored", "RestoredVersion"]);
    expect(readdirSync(pathOf(on, "history"))).toHaveLength(3);
  });
});
