import pgPromise from "pg-promise";

import { startPostgres } from "../../../trainer/demo/postgres.ts";

/**
 * A process with a server, for tests of what becomes of the server: prints one line of JSON when a query was
 * answered, then does what its argument says: `stop`, `keep` (ends and leaves it) or `wait` (for a signal).
 */
const server = await startPostgres();
const db = pgPromise()(server.url);
const { version } = await db.one<{ version: string }>("SELECT version()");
await db.$pool.end();
const { pid, dataDir, url } = server;
const what = process.argv[2];
const detached = what === "keep" ? await server.detach() : undefined;
process.stdout.write(
  `${JSON.stringify({ uid: process.getuid?.(), pid, dataDir, url, version, ...detached })}\n`,
);
if (what === "wait") setInterval(() => undefined, 1000);
else await server.stop();
