import { randomBytes } from "node:crypto";

import pgPromise from "pg-promise";

import type { Database } from "../../trainer/demo/copy.ts";
import { startPostgres } from "../../trainer/demo/postgres.ts";

/** An empty database of its own; disposing ends its connections and drops it. */
export interface TestDatabase extends AsyncDisposable {
  /** With user and password. */
  readonly url: string;
  readonly db: Database;
}

/** Where a file's tests get their databases: start it in beforeAll, dispose it in afterAll. */
export interface TestServer extends AsyncDisposable {
  createDatabase(): Promise<TestDatabase>;
}

// Tests open several databases, and pg-promise would warn when two tests name the same one.
const pgp = pgPromise({ noWarnings: true });

/** The server of DATABASE_URL, whose user must be allowed to create databases; without it an embedded one (1 s). */
export async function startTestServer(): Promise<TestServer> {
  const given = process.env["DATABASE_URL"];
  if (given !== undefined && given !== "") return testServer(given, () => Promise.resolve());
  const server = await startPostgres();
  return testServer(server.url, () => server.stop());
}

/** One database on a server of its own, for the files that need no more. */
export async function startTestDatabase(): Promise<TestDatabase> {
  const server = await startTestServer();
  try {
    const database = await server.createDatabase();
    const dispose = async () => {
      await database[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    };
    return { url: database.url, db: database.db, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

function testServer(url: string, stop: () => Promise<void>): TestServer {
  const admin = pgp(url);
  return {
    createDatabase: () => createDatabase(admin, url),
    [Symbol.asyncDispose]: async () => {
      await admin.$pool.end();
      await stop();
    },
  };
}

async function createDatabase(admin: Database, serverUrl: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  await admin.none("CREATE DATABASE $1:name", [name]);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const db: Database = pgp(url.href);
  const dispose = async () => {
    await db.$pool.end();
    // Without FORCE: PostgreSQL waits some seconds for sockets that are still closing; FORCE would break them with an error.
    await admin.none("DROP DATABASE $1:name", [name]);
  };
  return { url: url.href, db, [Symbol.asyncDispose]: dispose };
}
