import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";

import type { RetrainRunSpec } from "../../../contract/retrain-run.ts";
import { startTestServer, type TestServer } from "../../support/database.ts";
import { modelsVolume } from "../publish/scene.ts";
import { input, run, scene, secretWords } from "./scene.ts";

jest.setTimeout(120_000);
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

/** Nobody listens there, and nobody is asked. */
const nowhere = `postgresql://reader:${secretWords}@127.0.0.1:9/bikes`;

describe("an environment that cannot be used ends the trainer with 78 before it does anything", () => {
  test.concurrent.each([
    { what: "TRAINER_INPUT missing", env: { TRAINER_INPUT: "" }, says: /TRAINER_INPUT: it is not set/ },
    {
      what: "TRAINER_INPUT no JSON, which is not repeated, for it may be the wrong secret",
      env: { TRAINER_INPUT: nowhere },
      says: /Cannot read TRAINER_INPUT: its \d+ characters are not JSON/,
    },
    {
      what: "TRAINER_INPUT with an unknown field",
      env: { TRAINER_INPUT: JSON.stringify({ ...input(), modle: "bikes" }) },
      says: /TRAINER_INPUT: the document: .*"modle"/,
    },
    {
      what: "TRAINER_INPUT with a wrong value",
      env: { TRAINER_INPUT: JSON.stringify({ ...input(), model: "Bikes/../.." }) },
      says: /TRAINER_INPUT: model: expected lower-case letters/,
    },
    { what: "DATABASE_URL missing", env: { DATABASE_URL: "" }, says: /DATABASE_URL: it is not set/ },
    { what: "LOG_LEVEL unknown", env: { LOG_LEVEL: "loud" }, says: /LOG_LEVEL: .*"error"\|"warn"/ },
  ])("$what", async ({ env, says }) => {
    await using models = await modelsVolume();
    const ended = await run({ url: nowhere, models: models.path }, { env });
    expect(ended.report).toBeUndefined();
    expect(ended).toMatchObject({
      exitCode: 78,
      log: [{ level: "error", reason: "BadConfiguration", exitCode: 78 }],
      termination: { verdict: "Failed", reason: "BadConfiguration", message: expect.stringMatching(says) },
    });
  });
});

interface Case {
  readonly what: string;
  readonly spec?: RetrainRunSpec;
  readonly env?: NodeJS.ProcessEnv;
  /** What becomes of the good URL. */
  readonly url?: (url: string) => string;
  readonly reason?: "TlsFailed";
  readonly says: RegExp;
}

const cases: readonly Case[] = [
  {
    what: "an unknown holiday country",
    spec: { features: { holidayCountry: "ZZ" } },
    says: /holidays for the country ZZ: it is unknown/,
  },
  {
    what: "an empty span",
    spec: { source: { since: "2025-07-01", until: "2025-06-01" } },
    says: /source\.since 2025-07-01 is not before .*2025-06-01; set an earlier since/,
  },
  {
    what: "an unknown database",
    url: (url) => url.replace(/[^/]*$/, "no_such_database"),
    says: /database "no_such_database" does not exist.*correct DATABASE_URL/,
  },
  {
    what: "a URL with an @ that is not encoded",
    url: () => `postgresql://reader:p@ss:${secretWords}@127.0.0.1:9/bikes`,
    says: /Cannot read DATABASE_URL: .*must be percent-encoded/,
  },
  {
    what: "a URL of another kind",
    url: () => `mysql://reader:${secretWords}@127.0.0.1/bikes`,
    says: /Cannot read DATABASE_URL: it does not start with postgresql:\/\//,
  },
  {
    what: "a URL that is a password",
    url: () => secretWords,
    says: /Cannot read DATABASE_URL/,
  },
  {
    what: "a URL whose port is a piece of the password",
    url: () => `postgresql://reader:${secretWords}/x@127.0.0.1:5432/bikes`,
    says: /Cannot read DATABASE_URL/,
  },
  { what: "an unknown sslmode", url: (url) => `${url}?sslmode=on`, says: /its sslmode is "on"; use one of/ },
  {
    what: "TLS asked of a server without it",
    url: (url) => `${url}?sslmode=require`,
    reason: "TlsFailed",
    says: /SSL.*correct sslmode/,
  },
  {
    what: "a CA file that is not there",
    url: (url) => `${url}?sslmode=verify-full`,
    env: { DATABASE_CA_FILE: "/nowhere/ca.pem" },
    says: /\/nowhere\/ca\.pem.*mount it, or correct the path/,
  },
];

describe("a run that cannot be carried out as asked fails with 78 and leaves the volume as it was", () => {
  test.concurrent.each(cases)("$what", async ({ spec = {}, env = {}, url = String, says, reason }) => {
    await using on = await scene(server, { days: 1 });
    const ended = await run({ ...on, url: url(on.url) }, { input: input(spec), env });
    expect(ended).toMatchObject({
      exitCode: 78,
      termination: {
        verdict: "Failed",
        reason: reason ?? "BadConfiguration",
        message: expect.stringMatching(says),
      },
    });
    expect(ended.report).toBeDefined();
  });
});

describe("libxgboost", () => {
  test.concurrent("missing: the sentence says what was passed over and both ways out", async () => {
    await using elsewhere = await modelsVolume();
    const file = join(elsewhere.path, "libxgboost.so");
    await writeFile(file, "This is no library.\n");
    const env = { XGBOOST_LIBRARY: file, XDG_CACHE_HOME: elsewhere.path };
    const ended = await run({ url: nowhere, models: join(elsewhere.path, "models") }, { env });
    const fromSystem = ended.log.find(({ library }) => library === "system");
    // A machine may have a libxgboost of its own: then the run goes on with it, to a server that is not there.
    const expected = fromSystem === undefined ? [78, "LibraryMissing"] : [75, "DatabaseUnavailable"];
    expect([ended.exitCode, ended.termination.reason]).toEqual(expected);
    const said = fromSystem === undefined ? ended.termination.message : JSON.stringify(ended.log);
    expect(said).toContain(file);
  });

  test.concurrent("named, but no library: another one is used, and the log says so", async () => {
    await using elsewhere = await modelsVolume();
    const file = join(elsewhere.path, "libxgboost.so");
    await writeFile(file, "This is no library.\n");
    await using on = await scene(server, { days: 1 });
    const { log } = await run(on, { env: { XGBOOST_LIBRARY: file } });
    const passedOver = { level: "warn", message: expect.stringContaining(file) };
    expect(log).toContainEqual(expect.objectContaining(passedOver));
  });
});

test.concurrent("a termination message that cannot be written does not hide why the run ended", async () => {
  await using models = await modelsVolume();
  const { startTrainer } = await import("../../support/trainer-process.ts");
  const file = join(models.path, "missing", "termination");
  using running = await startTrainer({ env: { TERMINATION_LOG: file, DATABASE_URL: nowhere } });
  const { exitCode, stdout, stderr } = await running.ended;
  expect({ exitCode, stderr }).toEqual({ exitCode: 78, stderr: "" });
  expect(stdout).toContain("TRAINER_INPUT: it is not set");
  expect(stdout).toContain(file);
});
