import pgPromise from "pg-promise";

import { loadCsv } from "../demo/load-csv.ts";
import { startPostgres } from "../demo/postgres.ts";
import { RunFailure } from "../errors.ts";
import type { DatabaseOptions } from "../extract/connection.ts";
import type { Surroundings } from "./answer.ts";

/** A database with the data, for as long as the block lasts. */
interface OpenData extends AsyncDisposable {
  readonly database: Pick<DatabaseOptions, "url" | "caFile">;
}

/** A URL is read as it is; the three CSV files of a directory go into a database of their own, as in the demo. */
export async function openData(
  { config, say }: Pick<Surroundings, "config" | "say">,
  given: string | undefined,
): Promise<OpenData> {
  const data = given ?? config.databaseUrl;
  if (data === undefined) {
    throw new RunFailure(
      "BadConfiguration",
      "Cannot score without data: neither --data nor DATABASE_URL says where they are. Name a directory with three CSV files or a database.",
    );
  }
  if (!/^postgres(ql)?:/.test(data)) return await csvDatabase(data, say);
  return {
    database: { url: data, caFile: config.databaseCaFile },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function csvDatabase(directory: string, say: Surroundings["say"]): Promise<OpenData> {
  await using resources = new AsyncDisposableStack();
  const postgres = resources.use(await startPostgres({ say }));
  const db = pgPromise({ noWarnings: true })(postgres.url);
  try {
    await loadCsv(directory, db, say);
  } finally {
    await db.$pool.end();
  }
  const held = resources.move();
  return { database: { url: postgres.url }, [Symbol.asyncDispose]: () => held.disposeAsync() };
}
