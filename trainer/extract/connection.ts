import { Socket } from "node:net";

import pgPromise from "pg-promise";

import { RunFailure } from "../errors.ts";
import { driverSettings } from "./driver-settings.ts";
import { parseDatabaseUrl, type DatabaseUrl } from "./database-url.ts";
import { databaseFailure, failureCode, stopped, type Target } from "./failures.ts";
import { encryptionsToTry, type Encryption } from "./sslmode.ts";

export interface DatabaseOptions {
  /** DATABASE_URL, a libpq connection URI. */
  readonly url: string;
  /** The CA certificates (PEM) that may sign the server's; wins over the URL's sslrootcert. */
  readonly caFile?: string | undefined;
  readonly applicationName: string;
  /** Closes the connection at once, whatever it is doing; what was under way rejects with Terminated. */
  readonly signal?: AbortSignal | undefined;
}

/** One connection, open until it is disposed of. */
export interface Database extends AsyncDisposable {
  readonly connection: Connection;
  readonly target: Target;
  readonly isEncrypted: boolean;
  /** Runs one statement with pg-promise's formatting; `action` completes "Cannot ..." in the RunFailure. */
  query(action: string, sql: string, values?: readonly unknown[]): Promise<readonly unknown[]>;
  failure(action: string, error: unknown): RunFailure;
  /** Closes the socket without waiting: the server stops and rolls back, later statements fail. */
  readonly abandon: () => void;
}
export type Connection = Awaited<ReturnType<pgPromise.IDatabase<object>["connect"]>>;

const FAREWELL_MS = 2_000;

/**
 * Connects to PostgreSQL with libpq's rules for the URL and its `sslmode`, TLS 1.2 or later.
 *
 * RunFailure: BadConfiguration (URL, CA file, unknown database), AuthenticationFailed, TlsFailed, DatabaseUnavailable,
 * Terminated.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const url = parseDatabaseUrl(options.url);
  const encryptions = await encryptionsToTry(url, options.caFile);
  const failures: RunFailure[] = [];
  for (const encryption of encryptions) {
    try {
      return await open(url, encryption, options);
    } catch (error) {
      const failure = databaseFailure("connect to PostgreSQL", error, targetOf(url));
      failures.push(failure);
      if (!mayDependOnEncryption(failure)) break;
    }
  }
  throw theOneToReport(failures);
}

/**
 * libpq tries the other way after a wrong password too, which sends it once more, the second time perhaps without
 * encryption, to no use. Here only what encryption can change leads to another attempt: no TLS, a TLS error, or a refusal by pg_hba.conf.
 */
function mayDependOnEncryption(failure: RunFailure): boolean {
  return failure.reason === "TlsFailed" || failureCode(failure) === "28000";
}

function theOneToReport(failures: readonly RunFailure[]): RunFailure {
  const last = failures.findLast((failure) => failure.reason !== "TlsFailed") ?? failures.at(-1);
  // In mode prefer that is the ordinary way to a server without TLS.
  const others = failures.filter(
    (failure) => failure !== last && !failure.message.includes("not support SSL"),
  );
  if (last === undefined || others.length === 0)
    return last ?? new RunFailure("Bug", "No way to connect was tried");
  const before = others.map((failure) => failure.message).join("; ");
  return new RunFailure(last.reason, `${last.message}. The other way failed as well: ${before}`, {
    cause: last.cause,
  });
}

async function open(url: DatabaseUrl, ssl: Encryption, options: DatabaseOptions): Promise<Database> {
  const target = targetOf(url);
  const socket = new Socket();
  const pool = pgPromise({ noWarnings: true })(
    driverSettings(url, ssl, { socket, name: options.applicationName }),
  );
  const abandon = (): void => void socket.destroy();
  options.signal?.addEventListener("abort", abandon, { once: true });
  const failure = (action: string, error: unknown): RunFailure =>
    options.signal?.aborted === true ? stopped(action, target) : databaseFailure(action, error, target);
  const close = async (): Promise<void> => {
    options.signal?.removeEventListener("abort", abandon);
    await pool.$pool.end();
  };

  const connection = await connect(pool, options.signal).catch(async (error: unknown) => {
    abandon();
    await close();
    throw failure("connect to PostgreSQL", error);
  });
  return {
    connection,
    target,
    isEncrypted: ssl !== false,
    failure,
    abandon,
    query: async (action, sql, values) => {
      try {
        return await connection.any<unknown>(sql, values);
      } catch (error) {
        throw failure(action, error);
      }
    },
    [Symbol.asyncDispose]: async () => {
      // A server that no longer answers must not keep the process waiting for its goodbye.
      const farewell = setTimeout(abandon, FAREWELL_MS);
      await connection.done();
      clearTimeout(farewell);
      await close();
    },
  };
}

async function connect(
  pool: pgPromise.IDatabase<object>,
  signal: AbortSignal | undefined,
): Promise<Connection> {
  signal?.throwIfAborted();
  return pool.connect({ direct: true });
}

function targetOf({ user, host, port, database, password }: DatabaseUrl): Target {
  const secrets = password === undefined ? [] : [password, encodeURIComponent(password)];
  return { user, host, port, database, secrets };
}
