import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { startPostgres, type EmbeddedPostgres } from "../../../trainer/demo/postgres.ts";
import { RunFailure } from "../../../trainer/errors.ts";
import { openDatabase, type Database } from "../../../trainer/extract/connection.ts";
import type { CopyField, RowCursor, WireType } from "../../../trainer/extract/copy-row.ts";
import { copyRows } from "../../../trainer/extract/copy-rows.ts";
import { withSnapshot } from "../../../trainer/extract/snapshot.ts";
import { columns } from "./copy-columns.ts";
import { until } from "./until.ts";

const cleanup = new AsyncDisposableStack();
let server: EmbeddedPostgres;
let db: Database;
const open = (): Promise<Database> => openDatabase({ url: server.url, applicationName: "test" });

beforeAll(async () => {
  server = cleanup.use(await startPostgres());
  db = cleanup.use(await open());
}, 60_000);
afterAll(() => cleanup.disposeAsync());

const fieldsOf = (...types: readonly WireType[]): readonly CopyField[] =>
  types.map((type, index) => ({ name: `c${String(index)}`, type }));
const rowsOf = async (
  sql: string,
  take: (row: RowCursor) => unknown,
  ...types: WireType[]
): Promise<unknown[]> => {
  const rows: unknown[] = [];
  await copyRows(db, { action: "read", sql, fields: fieldsOf(...types) }, (row) => rows.push(take(row)));
  return rows;
};

describe("copyRows() beside text", () => {
  test("reads what PostgreSQL writes as text, for every type and null", async () => {
    const names = columns.map(({ name }) => name).join(", ");
    await db.query(
      "make a table",
      `create table everything (id serial, ${columns.map(({ name, type }) => `${name} ${type}`).join(", ")})`,
    );
    const record = fc.record(
      Object.fromEntries(columns.map(({ name, value }) => [name, fc.option(value, { freq: 8 })])),
    );

    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 30 }), async (records) => {
        await db.query("empty it", "truncate everything");
        const fill = `insert into everything (${names}) select ${names} from json_populate_recordset(null::everything, $1::json)`;
        await db.query("fill it", fill, [JSON.stringify(records)]);

        const casts = columns.map(({ name, wire }) => `${name}::${wire}`).join(", ");
        const sql = `select ${casts} from everything order by id`;
        const take = (row: RowCursor) =>
          columns.map((column, field) => (row.isNull(field) ? null : column.take(row, field)));
        const binary = await rowsOf(sql, take, ...columns.map(({ wire }) => wire));

        const texts = columns.map(({ text }, field) => `${text} as c${String(field)}`).join(", ");
        const shown = await db.query("read as text", `select ${texts} from everything order by id`);
        const parsed = (shown as Record<string, string | null>[]).map((row) =>
          columns.map((column, field) => {
            const text = row[`c${String(field)}`] ?? null;
            return text === null ? null : column.parse(text);
          }),
        );
        expect(binary).toEqual(parsed);
      }),
      { numRuns: 40 },
    );
  }, 30_000);
});

describe("copyRows()", () => {
  test.each([
    { value: "'NaN'::float4", number: NaN },
    { value: "'-Infinity'::float4", number: -Infinity },
    { value: "'-0'::float4", number: -0 },
    { value: "'1e-45'::float4", number: 2 ** -149 },
  ])("takes $value for $number", async ({ value, number }) => {
    expect(await rowsOf(`select ${value}`, (row) => row.float64(0), "float4")).toEqual([number]);
  });

  test("reads nothing from an empty table", async () => {
    expect(await rowsOf("select 1 where false", () => 0, "int4")).toEqual([]);
  });

  test("reads a field of a megabyte between small ones", async () => {
    const sql = "select repeat('é', (1 + 524287 * (n % 2))::int) from generate_series(1, 4) n";
    const lengths = await rowsOf(sql, (row) => row.text(0).length, "text");
    expect(lengths).toEqual([524288, 1, 524288, 1]);
  });

  test("leaves the connection ready for the next statement", async () => {
    expect(await rowsOf("select 1", (row) => row.int32(0), "int4")).toEqual([1]);
    expect(await db.query("ask", "select 2 as two")).toEqual([{ two: 2 }]);
  });
});

/** More rows than any test reads, sent as they are made. */
const endless = {
  action: "read bike_count",
  sql: "select generate_series(1, 1000000000)",
  fields: fieldsOf("int4"),
};
const ignore = (): void => undefined;

interface Refused {
  readonly what: string;
  readonly sql: string;
  readonly type?: WireType;
  readonly reason: string;
  readonly says: RegExp;
}
const refused: readonly Refused[] = [
  {
    what: "a value that a cast refuses",
    sql: "select case when n > 5000 then 'x' else '1' end::int4 from generate_series(1, 9999) n",
    reason: "UnreadableValue",
    says: /^Cannot read bike_count as .*: invalid input syntax for type integer: "x" \(22P02\)/,
  },
  {
    what: "another type than declared",
    sql: "select 1::int8",
    reason: "UnreadableValue",
    says: /8 bytes came for column c0, which is not the length of a int4/,
  },
  {
    what: "more columns than declared",
    sql: "select 1, 2",
    reason: "UnreadableValue",
    says: /2 fields came, 1 were asked for/,
  },
  {
    what: "a row larger than the limit",
    sql: "select repeat('x', 17 * 1024 * 1024)",
    type: "text",
    reason: "UnreadableValue",
    says: /larger than 16 MiB/,
  },
  {
    what: "a missing table",
    sql: "select n from nowhere",
    reason: "BadConfiguration",
    says: /relation "nowhere" does not exist/,
  },
];

describe("copyRows() fails", () => {
  test.each(refused)("as $reason on $what", async ({ sql, type = "int4", reason, says }) => {
    await using other = await open();
    const read = copyRows(other, { action: "read bike_count", sql, fields: fieldsOf(type) }, ignore);
    await expect(read).rejects.toMatchObject({ reason, message: expect.stringMatching(says) });
  });
});

describe("copyRows() fails on its own side", () => {
  test("as PermissionDenied without the right to SELECT", async () => {
    await db.query("set up", "create table hidden (n int); create role reader");
    await using other = await open();
    await other.query("become the reader", "set role reader");
    const read = copyRows(other, { ...endless, sql: "select n from hidden" }, ignore);
    await expect(read).rejects.toMatchObject({
      reason: "PermissionDenied",
      message: expect.stringContaining("hidden"),
    });
  });

  test("with the caller's own failure, and ends the COPY", async () => {
    await using other = await open();
    const own = new RunFailure("UnreadableValue", "row 3 is odd");
    const read = withSnapshot(other, () =>
      copyRows(other, endless, (row) => {
        if (row.number === 3) throw own;
      }),
    );
    await expect(read).rejects.toBe(own);
    await expect(other.query("ask", "select 1")).rejects.toMatchObject({ reason: "DatabaseUnavailable" });
  });

  test("as a bug when the caller throws anything else", async () => {
    await using other = await open();
    const read = copyRows(other, endless, () => {
      throw new TypeError("x is not a function");
    });
    await expect(read).rejects.toMatchObject({
      reason: "Bug",
      message: expect.stringContaining("x is not a function"),
    });
  });
});

async function answers(url: string): Promise<boolean> {
  try {
    await using other = await openDatabase({ url, applicationName: "test" });
    return (await other.query("ask", "select 1")).length === 1;
  } catch {
    return false;
  }
}

describe("copyRows() is ended", () => {
  test.each(["the COPY's", "the connection's"])(
    "as Terminated when %s signal fires, and stops the server",
    async (whose) => {
      const controller = new AbortController();
      const { signal } = controller;
      const lifetime = whose === "the connection's" ? signal : undefined;
      await using other = await openDatabase({
        url: server.url,
        applicationName: "stopping",
        signal: lifetime,
      });
      let rows = 0;
      const request = { ...endless, signal: whose === "the COPY's" ? signal : undefined };
      const read = copyRows(other, request, () => {
        if (++rows === 1000) controller.abort();
      });
      await expect(read).rejects.toMatchObject({ reason: "Terminated", exitCode: 143 });
      await until(async () => {
        const [{ n }] = (await db.query(
          "ask",
          "select count(*)::int as n from pg_stat_activity where application_name = 'stopping'",
        )) as [{ n: number }];
        return n === 0;
      });
    },
  );

  test("as DatabaseUnavailable when an administrator ends the backend", async () => {
    await using other = await open();
    const [{ pid }] = (await other.query("ask", "select pg_backend_pid() as pid")) as [{ pid: number }];
    const read = copyRows(other, endless, (row) => {
      if (row.number === 1) void db.query("end it", `select pg_terminate_backend(${String(pid)})`);
    });
    await expect(read).rejects.toMatchObject({
      reason: "DatabaseUnavailable",
      message: expect.stringContaining("57P01"),
    });
  });

  test("as DatabaseUnavailable when the backend is killed", async () => {
    // A server of its own: PostgreSQL restarts all backends when one was killed.
    await using doomed = await startPostgres();
    await using other = await openDatabase({ url: doomed.url, applicationName: "test" });
    const [{ pid }] = (await other.query("ask", "select pg_backend_pid() as pid")) as [{ pid: number }];
    const read = copyRows(other, endless, (row) => {
      if (row.number === 1000) process.kill(pid, "SIGKILL");
    });
    await expect(read).rejects.toMatchObject({ reason: "DatabaseUnavailable", exitCode: 75 });
    // PostgreSQL 18 does not end when it is told to in the middle of that restart.
    await until(() => answers(doomed.url));
  }, 30_000);
});
