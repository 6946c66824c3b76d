import { pipeline } from "node:stream/promises";

import { to as copyTo } from "pg-copy-streams";

import type { Database } from "./connection.ts";
import { CopyDecoder } from "./copy-binary.ts";
import type { CopyField, RowCursor } from "./copy-row.ts";
import { stopped } from "./failures.ts";

export interface CopyRequest {
  /** Completes "Cannot ..." in errors, such as "read bike_count". */
  readonly action: string;
  /** A SELECT whose columns have exactly the types of `fields`. */
  readonly sql: string;
  readonly fields: readonly CopyField[];
  readonly signal?: AbortSignal | undefined;
}

/**
 * Streams a SELECT as binary COPY into `onRow` and returns the number of rows. The server is read only as fast as
 * `onRow` returns; memory holds one chunk of the socket and one row.
 *
 * RunFailure: UnreadableValue, PermissionDenied, DatabaseUnavailable, Terminated and the others of databaseFailure;
 * a RunFailure thrown by `onRow` is passed on. After any failure the connection is closed, for the rest of a COPY cannot be skipped.
 */
export async function copyRows(
  db: Database,
  { action, sql, fields, signal }: CopyRequest,
  onRow: (row: RowCursor) => void,
): Promise<number> {
  const decoder = new CopyDecoder(fields, onRow);
  try {
    signal?.throwIfAborted();
    const stream = copyTo(`COPY (${sql}) TO STDOUT (FORMAT binary)`);
    void db.connection.client.query(stream);
    signal?.addEventListener("abort", db.abandon, { once: true });
    await pipeline(stream, async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) decoder.write(chunk);
    });
    return decoder.end();
  } catch (error) {
    db.abandon();
    throw signal?.aborted === true ? stopped(action, db.target) : db.failure(action, error);
  } finally {
    signal?.removeEventListener("abort", db.abandon);
  }
}
