import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { from as copyFrom } from "pg-copy-streams";
import type { IConnected, IDatabase } from "pg-promise";
import type { IClient } from "pg-promise/typescript/pg-subset.d.ts";

/** Any pg-promise database object, whatever it was extended with. */
export type Database = IDatabase<unknown>;
/** One connection of it: what is done through `client` and through its queries and transactions happens in one session. */
export type Connection = IConnected<unknown, IClient>;

/** Borrows one connection for the time of `use`. */
export async function withConnection<T>(db: Database, use: (on: Connection) => Promise<T>): Promise<T> {
  const connection = await db.connect();
  try {
    return await use(connection);
  } finally {
    await connection.done();
  }
}

/**
 * Sends `source` to a `COPY … FROM STDIN` statement and returns the number of rows. The source is asked for
 * more only when PostgreSQL has taken the last part, so its whole never is in memory.
 */
export async function copyInto(
  { client }: Connection,
  statement: string,
  source: Iterable<string | Buffer> | Readable,
): Promise<number> {
  const sink = copyFrom(statement);
  void client.query(sink);
  await pipeline(source instanceof Readable ? source : Readable.from(source), sink);
  return sink.rowCount;
}
