import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";

import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";

import { dayText, localDay, plusDays } from "../../../trainer/days.ts";
import type { Database } from "../../../trainer/demo/copy.ts";
import { generate } from "../../../trainer/demo/generator.ts";
import { sqlOf } from "../../../trainer/demo/sql.ts";
import { startTestServer, type TestServer } from "../../support/database.ts";

jest.setTimeout(120_000);

const stack = new AsyncDisposableStack();
let server: TestServer;
let directory: string;
beforeAll(async () => {
  server = stack.use(await startTestServer());
  directory = await mkdtemp(path.join(tmpdir(), "retrain-sql-"));
  stack.defer(() => rm(directory, { recursive: true }));
});
afterAll(() => stack.disposeAsync());

const plan = { stations: 3, years: 1, seed: 1, endDay: "2026-10-31" };

/** Everything that a query sees of the three tables. */
const seen = async (db: Database): Promise<readonly unknown[]> => [
  await db.any("SELECT * FROM counters_info ORDER BY station_id"),
  await db.any("SELECT * FROM weather ORDER BY id"),
  await db.any("SELECT * FROM bike_count ORDER BY id"),
  await db.any(
    `SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
      WHERE table_schema = 'public' ORDER BY table_name, ordinal_position`,
  ),
  await db.any(
    "SELECT conname, contype FROM pg_constraint WHERE conrelid::regclass = 'bike_count'::regclass",
  ),
];

describe("sqlOf()", () => {
  test("makes the very tables that generate() makes", async () => {
    await using script = await server.createDatabase();
    await using direct = await server.createDatabase();
    await script.db.multi([...sqlOf(plan)].join(""));
    await generate(plan, direct.db);
    const expected = await seen(direct.db);
    expect(expected[2]).toContainEqual(expect.objectContaining({ intensity: null }));
    expect(await seen(script.db)).toEqual(expected);
  });

  test("leaves nothing behind when it is cut off", async () => {
    await using script = await server.createDatabase();
    await script.db.task(async (session) => {
      await session.multi([...sqlOf(plan)].slice(0, 100).join(""));
      await session.none("ROLLBACK"); // As the end of the session does.
    });
    expect(await script.db.one("SELECT to_regclass('weather') AS found")).toEqual({ found: null });
  });
});

describe("the program", () => {
  async function run(...words: readonly string[]): Promise<{ code: number | null; said: string }> {
    const child = spawn(process.execPath, ["trainer/demo/sql-main.ts", ...words]);
    const [out, complaint] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close"),
    ]);
    return { code: child.exitCode, said: out + complaint };
  }

  test("writes a script with counts up to yesterday, in place of one that is there", async () => {
    const file = path.join(directory, "bikes.sql");
    const yesterday = (): string => dayText(plusDays(localDay(new Date(), "Europe/Paris"), -1));
    const before = yesterday();
    for (const years of ["2", "1"]) {
      expect(await run(file, "--stations=2", `--years=${years}`)).toMatchObject({ code: 0 });
    }
    await using database = await server.createDatabase();
    await database.db.multi(await readFile(file, "utf8"));
    const { newest, stations, days } = await database.db.one<Record<string, unknown>>(
      `SELECT max(date)::date::text AS newest, count(DISTINCT station_id)::int AS stations,
        (SELECT count(*)::int FROM weather) AS days FROM bike_count`,
    );
    expect([before, yesterday()]).toContain(newest);
    expect({ stations, days }).toEqual({ stations: 2, days: 365 });
  });

  test("refuses what it cannot understand", async () => {
    const { code, said } = await run(path.join(directory, "none.sql"), "--stations=none");
    expect(code).toBe(78);
    expect(said).toContain("--stations is none, expected a whole number above 0");
  });
});
