import { readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";

import { startTestServer, type TestServer } from "../../support/database.ts";
import { currentText } from "../publish/scene.ts";
import { forced, input, reportOf, run, scene } from "./scene.ts";

jest.setTimeout(120_000);
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

async function flipOneBit(file: string): Promise<void> {
  const bytes = await readFile(file);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  await writeFile(file, bytes);
}

describe("a current version that cannot be trusted ends the run before it reads or changes anything", () => {
  const damages = [
    { what: "one bit of the model is wrong", file: "current/model.ubj", damage: flipOneBit },
    { what: "the model is gone", file: "current/model.ubj", damage: rm },
    { what: "the manifest is gone", file: "current/MANIFEST.json", damage: rm },
    { what: "one bit of the manifest is wrong", file: "current/MANIFEST.json", damage: flipOneBit },
    { what: "CURRENT.json is cut", file: "CURRENT.json", damage: (file: string) => truncate(file, 40) },
    { what: "CURRENT.json is empty", file: "CURRENT.json", damage: (file: string) => truncate(file, 0) },
    { what: "CURRENT.json is gone", file: "CURRENT.json", damage: rm },
  ];
  test.concurrent.each(damages)("$what", async ({ file, damage }) => {
    await using on = await scene(server);
    const { version = "" } = reportOf(await run(on));
    await damage(join(on.models, "bikes", file));

    const ended = await run(on, { input: input({}, "0f0e0d0c-2") });
    expect(ended).toMatchObject({
      exitCode: 0,
      termination: { verdict: "Rejected", reason: "ChampionUnusable" },
    });
    const { message, stages } = reportOf(ended);
    expect(message).toContain(file.replace("current/", ""));
    expect(message).toMatch(/restore .*force/);
    expect(stages.map(({ name }) => name)).toEqual(["open"]);
    expect(await readdir(join(on.models, "bikes", "versions"))).toEqual([version]);
  });

  test.concurrent.each(damages)("$what: a forced run publishes all the same", async ({ file, damage }) => {
    await using on = await scene(server);
    await run(on);
    await damage(join(on.models, "bikes", file));
    const ended = await run(on, { input: forced({ requestedBy: "ann" }, "0f0e0d0c-2") });
    expect(ended).toMatchObject({ exitCode: 0, termination: { verdict: "Published", reason: "Forced" } });
    expect(reportOf(ended).message).toContain("Forced by ann (the test needs another version)");
    const next = await run(on, { input: input({}, "0f0e0d0c-3") });
    expect(next.termination).toMatchObject({ verdict: "Skipped", reason: "NoNewData" });
  });

  test.concurrent("a directory that another program made under our name is not touched", async () => {
    await using on = await scene(server);
    await run({ ...on, url: "postgresql://nobody@127.0.0.1:9/x" }); // It makes the directories.
    await writeFile(join(on.models, "bikes", "xgboost_v1.ubj"), "Somebody's own model.\n");
    const ended = await run(on);
    expect(ended).toMatchObject({ exitCode: 74, termination: { reason: "VolumeError" } });
    expect(ended.termination.message).toMatch(
      /xgboost_v1\.ubj is no symbolic link.*Move it to another place/,
    );
    expect(currentText(on.models)).toBe("");
  });
});
