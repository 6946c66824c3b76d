import type { Database } from "./connection.ts";

/**
 * Settings of this transaction only, so that nothing stays behind on a connection that a pooler hands on.
 * client_connection_check_interval makes the server notice within a second that the trainer is gone, also while it
 * sorts and has nothing to send; servers before 14 and on other systems do not have it.
 */
const settings = `
  select set_config('TimeZone', 'UTC', true), set_config('extra_float_digits', '1', true),
         set_config('lock_timeout', '60s', true),
         set_config('idle_in_transaction_session_timeout', '10min', true);
  select set_config(name, '1s', true) from pg_settings
   where name = 'client_connection_check_interval' and version() like '%linux%'`;

/**
 * Runs `work` in one REPEATABLE READ READ ONLY transaction: every statement in it sees the same instant of the database.
 * Errors of `work` are passed on after a ROLLBACK.
 */
export async function withSnapshot<T>(db: Database, work: () => Promise<T>): Promise<T> {
  await db.query("begin to read", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  try {
    await db.query("set up the transaction", settings);
    const result = await work();
    await db.query("finish reading", "COMMIT");
    return result;
  } catch (error) {
    // Where the connection is lost the server rolls back by itself, and the first error is the one to report.
    await db.query("roll back", "ROLLBACK").catch(db.abandon);
    throw error;
  }
}
