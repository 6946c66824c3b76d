import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import pgPromise from "pg-promise";

import { startPostgres } from "../../../trainer/demo/postgres.ts";
import { freePort } from "../../../trainer/demo/postgres/readiness.ts";
import { startTestServer, type TestServer } from "../../support/database.ts";
import { copying, slowDown } from "../../support/history.ts";
import { input, run, scene, secretWords, start, type Scene } from "./scene.ts";

jest.setTimeout(120_000);
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

describe("a database that cannot be read", () => {
  test.concurrent("nobody listens: 75, so that the run is tried again", async () => {
    await using on = await scene(server, { days: 1 });
    const url = new URL(on.url);
    url.port = String(await freePort());
    const ended = await run({ ...on, url: url.href });
    expect(ended).toMatchObject({
      exitCode: 75,
      termination: { verdict: "Failed", reason: "DatabaseUnavailable" },
    });
    expect(ended.termination.message).toMatch(
      /Cannot connect to PostgreSQL as reader_\w+@[^:]+:\d+\/test_\w+: .*ECONNREFUSED.*repeated when the database answers/,
    );
  });

  test.concurrent("a wrong password: 77", async () => {
    await using on = await scene(server, { days: 1 });
    const ended = await run({ ...on, url: on.url.replace(secretWords, `${secretWords}-2`) });
    expect(ended).toMatchObject({
      exitCode: 77,
      termination: { verdict: "Failed", reason: "AuthenticationFailed" },
    });
    expect(ended.termination.message).toMatch(
      /password authentication failed.*correct the user and password/,
    );
  });

  test.concurrent("a user without the right to read: 77, with the table's name", async () => {
    await using on = await scene(server, { days: 1 });
    await on.db.none("REVOKE pg_read_all_data FROM $1:name", [on.role]);
    await on.db.none("GRANT SELECT ON counters_info, weather TO $1:name", [on.role]);
    const ended = await run(on);
    expect(ended).toMatchObject({
      exitCode: 77,
      termination: { verdict: "Failed", reason: "PermissionDenied" },
    });
    expect(ended.termination.message).toMatch(
      /Cannot read bike_count .*permission denied for table bike_count.*grant/,
    );
    await on.db.none("REVOKE ALL ON counters_info, weather FROM $1:name", [on.role]);
  });
});

describe("a database that stops answering", () => {
  test.concurrent("a session that is ended while it sends rows: 75", async () => {
    await using on = await scene(server);
    await slowDown(on.db, 0.01);
    using running = await start(on);
    const [session] = await copying(on.db);
    await on.db.one("SELECT pg_terminate_backend($1)", [session]);
    const ended = await running.judge();
    expect(ended).toMatchObject({
      exitCode: 75,
      termination: { verdict: "Failed", reason: "DatabaseUnavailable" },
    });
    expect(ended.termination.message).toMatch(/Cannot read bike_count .*terminating connection.*57P01/);
  });

  test.concurrent("a statement that takes longer than the database allows: 75", async () => {
    await using on = await scene(server);
    await slowDown(on.db, 0.01);
    await on.db.none("ALTER ROLE $1:name SET statement_timeout = '300ms'", [on.role]);
    const ended = await run(on);
    expect(ended).toMatchObject({ exitCode: 75, termination: { reason: "DatabaseUnavailable" } });
    expect(ended.termination.message).toMatch(/Cannot read bike_count .*statement timeout/);
  });
});

test("a server that goes down while it sends rows: 75, and the current version stays", async () => {
  await using postgres = await startPostgres();
  const db = pgPromise({ noWarnings: true })(postgres.url);
  const database = { url: postgres.url, db, [Symbol.asyncDispose]: () => Promise.resolve() };
  await using on = withoutDatabase(await scene({ createDatabase: () => Promise.resolve(database) }));
  expect(await run(on)).toMatchObject({ exitCode: 0 });
  await slowDown(on.db, 0.01);
  using running = await start(on, { input: input({}, "0f0e0d0c-2") });
  await copying(on.db);
  await db.$pool.end();
  await shutDownImmediately(postgres.pid);
  const ended = await running.judge();
  expect(ended).toMatchObject({
    exitCode: 75,
    termination: { verdict: "Failed", reason: "DatabaseUnavailable", current: { runUid: "0f0e0d0c-1" } },
  });
  expect(ended.termination.message).toMatch(/Cannot read bike_count as .*repeated when the database answers/);
});

/** Also waits for the process that started the server and, like us, notices its end. */
async function shutDownImmediately(pid: number): Promise<void> {
  const [, keeper] = /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${String(pid)}/status`, "utf8")) ?? [];
  process.kill(pid, "SIGQUIT");
  while (existsSync(`/proc/${String(keeper)}`)) await setTimeout(20);
}

/** For a database that goes away by itself. */
const withoutDatabase = (on: Scene): Scene => ({
  ...on,
  [Symbol.asyncDispose]: () => rm(on.models, { recursive: true }),
});
