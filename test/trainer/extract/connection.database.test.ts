import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { startPostgres, type EmbeddedPostgres } from "../../../trainer/demo/postgres.ts";
import { openDatabase, type Database } from "../../../trainer/extract/connection.ts";
import { withSnapshot } from "../../../trainer/extract/snapshot.ts";
import { until } from "./until.ts";

const cleanup = new AsyncDisposableStack();
let server: EmbeddedPostgres;
const open = (url = server.url): Promise<Database> => openDatabase({ url, applicationName: "test" });
const one = async (db: Database, sql: string): Promise<unknown> => (await db.query("ask", sql))[0];

beforeAll(async () => {
  server = cleanup.use(await startPostgres());
}, 60_000);
afterAll(() => cleanup.disposeAsync());

/** The test's URL with parts replaced. */
function urlWith(parts: {
  username?: string;
  password?: string;
  pathname?: string;
  search?: string;
}): string {
  return Object.assign(new URL(server.url), parts).href;
}

/** A port on which nobody listens, or somebody who accepts and never says a word. */
async function port(listening: "nobody" | "silent"): Promise<number> {
  const server = createServer((socket) => socket.on("error", () => undefined));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address() as AddressInfo;
  if (listening === "nobody") server.close();
  else cleanup.defer(() => void server.close());
  return address.port;
}

describe("openDatabase()", () => {
  test("connects under its name and leaves nothing behind", async () => {
    await using watcher = await open();
    const seen =
      "select count(*)::int as n from pg_stat_activity where application_name = 'trainer of bikes'";
    {
      await using db = await openDatabase({ url: server.url, applicationName: "trainer of bikes" });
      expect(await one(db, seen)).toEqual({ n: 1 });
    }
    await until(async () => JSON.stringify(await one(watcher, seen)) === '{"n":0}');
  });

  test("passes options on and ignores what it does not know", async () => {
    await using db = await open(
      urlWith({ search: "?options=-c%20geqo%3Doff&target_session_attrs=any&nonsense=1" }),
    );
    expect(await one(db, "show geqo")).toEqual({ geqo: "off" });
  });
});

describe("openDatabase() fails", () => {
  test.each([
    {
      given: "a wrong password",
      parts: { password: "wrong%20one" },
      reason: "AuthenticationFailed",
      says: "password authentication failed",
    },
    { given: "no password", parts: { password: "" }, reason: "AuthenticationFailed", says: "password" },
    {
      given: "an unknown user",
      parts: { username: "stranger" },
      reason: "AuthenticationFailed",
      says: "stranger@127.0.0.1",
    },
    {
      given: "an unknown database",
      parts: { pathname: "/nowhere" },
      reason: "BadConfiguration",
      says: 'database "nowhere" does not exist',
    },
    {
      given: "an unknown setting",
      parts: { search: "?options=-c%20nonsense%3D1" },
      reason: "BadConfiguration",
      says: "nonsense",
    },
    {
      given: "a missing socket",
      parts: { search: "?host=/nowhere" },
      reason: "DatabaseUnavailable",
      says: "/nowhere/.s.PGSQL",
    },
  ])("ends in $reason with $given", async ({ parts, reason, says }) => {
    await expect(open(urlWith(parts))).rejects.toMatchObject({
      reason,
      message: expect.stringContaining(says),
    });
  });
});

describe("openDatabase() without an answer", () => {
  test("ends in DatabaseUnavailable when nobody listens", async () => {
    const free = await port("nobody");
    for (const host of ["127.0.0.1", "localhost"]) {
      const opened = open(`postgres://u:hunter2@${host}:${String(free)}/bikes`);
      await expect(opened).rejects.toMatchObject({
        reason: "DatabaseUnavailable",
        message: expect.stringMatching(/ECONNREFUSED.*the run can be repeated/),
      });
    }
  });

  test("ends in DatabaseUnavailable when the name is not known", async () => {
    await expect(open("postgres://u@nowhere.invalid/bikes")).rejects.toMatchObject({
      reason: "DatabaseUnavailable",
    });
  });

  test.each(["disable", "require"])("gives up on a server that says nothing (sslmode=%s)", async (mode) => {
    const url = `postgres://u@127.0.0.1:${String(await port("silent"))}/bikes?sslmode=${mode}&connect_timeout=1`;
    await expect(open(url)).rejects.toMatchObject({
      reason: "DatabaseUnavailable",
      message: expect.stringContaining("timeout"),
    });
  });
});

describe("openDatabase() with a signal", () => {
  test.each(["disable", "require"])("stops connecting when told to (sslmode=%s)", async (mode) => {
    const url = `postgres://u@127.0.0.1:${String(await port("silent"))}/bikes?sslmode=${mode}`;
    const controller = new AbortController();
    const opened = openDatabase({ url, applicationName: "test", signal: controller.signal });
    setImmediate(() => {
      controller.abort();
    });
    await expect(opened).rejects.toMatchObject({ reason: "Terminated", exitCode: 143 });
  });

  test("does not connect when it was told to stop before", async () => {
    const opened = openDatabase({ url: server.url, applicationName: "test", signal: AbortSignal.abort() });
    await expect(opened).rejects.toMatchObject({ reason: "Terminated" });
  });

  test("stops a statement when told to", async () => {
    const controller = new AbortController();
    await using db = await openDatabase({
      url: server.url,
      applicationName: "test",
      signal: controller.signal,
    });
    const sleeping = db.query("sleep", "select pg_sleep(600)");
    setImmediate(() => {
      controller.abort();
    });
    await expect(sleeping).rejects.toMatchObject({ reason: "Terminated" });
    await expect(db.query("ask", "select 1")).rejects.toMatchObject({ reason: "Terminated" });
  });

  test("ends in DatabaseUnavailable when its backend was terminated meanwhile", async () => {
    await using db = await open();
    await using other = await open();
    const { pid } = (await one(db, "select pg_backend_pid() as pid")) as { pid: number };
    await one(other, `select pg_terminate_backend(${String(pid)}, 5000)`);
    await expect(db.query("ask", "select 1")).rejects.toMatchObject({
      reason: "DatabaseUnavailable",
      exitCode: 75,
    });
  });
});

describe("withSnapshot()", () => {
  test("sees one instant in all its statements", async () => {
    await using db = await open();
    await using writer = await open();
    await one(writer, "create table visits (n int); insert into visits values (1)");
    const count = "select count(*)::int as n from visits";
    await withSnapshot(db, async () => {
      expect(await one(db, count)).toEqual({ n: 1 });
      await one(writer, "insert into visits values (2)");
      expect(await one(db, count)).toEqual({ n: 1 });
    });
    expect(await one(db, count)).toEqual({ n: 2 });
  });

  test("cannot write", async () => {
    await using db = await open();
    const written = withSnapshot(db, () => one(db, "create table notes (n int)"));
    await expect(written).rejects.toThrow("read-only transaction");
  });

  test("passes an error of the work on and can be used again", async () => {
    await using db = await open();
    const failed = withSnapshot(db, () => one(db, "select 1 / 0"));
    await expect(failed).rejects.toMatchObject({
      reason: "UnreadableValue",
      message: expect.stringContaining("division"),
    });
    await expect(withSnapshot(db, () => one(db, "show timezone"))).resolves.toEqual({ TimeZone: "UTC" });
  });

  test("passes the first error on when the connection is gone", async () => {
    await using db = await open();
    const failed = withSnapshot(db, () => one(db, "select pg_terminate_backend(pg_backend_pid())"));
    await expect(failed).rejects.toMatchObject({
      reason: "DatabaseUnavailable",
      message: expect.stringContaining("57P01"),
    });
  });

  test("makes the server notice a vanished client while it has nothing to send", async () => {
    await using watcher = await open();
    const db = await openDatabase({ url: server.url, applicationName: "vanishing" });
    const gone = withSnapshot(db, () => one(db, "select pg_sleep(600)"));
    const busy = async (): Promise<string> =>
      JSON.stringify(
        await one(
          watcher,
          "select count(*)::int as n from pg_stat_activity where application_name = 'vanishing' and query like '%pg_sleep(600)%'",
        ),
      );
    await until(async () => (await busy()) === '{"n":1}');
    db.abandon();
    await expect(gone).rejects.toMatchObject({ reason: "DatabaseUnavailable" });
    await until(async () => (await busy()) === '{"n":0}');
    await db[Symbol.asyncDispose]();
  });
});
