import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";

import type { CheckName } from "../../../contract/checks.ts";
import type { RetrainRunSpec } from "../../../contract/retrain-run.ts";
import { startTestServer, type TestServer } from "../../support/database.ts";
import { input, reportOf, run, scene } from "./scene.ts";

jest.setTimeout(120_000);
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

interface Case {
  readonly when: string;
  /** What is done to the good history. */
  readonly sql?: string;
  readonly spec?: RetrainRunSpec;
  readonly reason: string;
  /** Checks of severity error that fail, in their order. */
  readonly failed: readonly CheckName[];
  readonly says: RegExp;
}

const stations = Array.from({ length: 8 }, (_, index) => `station-00${String(index + 1)}`);

const longNames = Array.from({ length: 20 }, (_, i) => `"${"é".repeat(28)}${String(i)}" text`).join(", ");

const cases: readonly Case[] = [
  {
    when: "a table is missing",
    sql: "DROP TABLE weather",
    reason: "SchemaMismatch",
    failed: ["schema"],
    says: /there is no table weather; create it or map another with source\.tables\.weather/,
  },
  {
    when: "a column is missing",
    sql: "ALTER TABLE bike_count RENAME intensity TO bikes",
    reason: "SchemaMismatch",
    failed: ["schema"],
    says: /no column intensity \(it has .*bikes.*\); map it with source\.columns\.bikeCount\.intensity/,
  },
  {
    when: "the intensity is text",
    sql: "ALTER TABLE bike_count ALTER intensity TYPE text",
    reason: "SchemaMismatch",
    failed: ["schema"],
    says: /bike_count\.intensity has type text; expected .*integer/,
  },
  {
    when: "several columns and a table are wrong, all of which are told",
    sql: "DROP TABLE counters_info; ALTER TABLE weather DROP vent_max; ALTER TABLE bike_count ALTER intensity TYPE text",
    reason: "SchemaMismatch",
    failed: ["schema"],
    says: /counters_info.*type text.*vent_max|type text.*vent_max.*counters_info|counters_info.*vent_max/,
  },
  {
    when: "so much is wrong that the termination message cannot tell it all",
    sql: `DROP TABLE bike_count; DROP TABLE weather;
          CREATE TABLE bike_count (${longNames}); CREATE TABLE weather (${longNames})`,
    reason: "SchemaMismatch",
    failed: ["schema"],
    says: /^The source cannot be read: .{5000,}$/,
  },
  {
    when: "bike_count is empty",
    sql: "TRUNCATE bike_count",
    reason: "EmptyTable",
    failed: ["empty", "rows"],
    says: /No rows in the span came from bikeCount/,
  },
  {
    when: "weather is empty",
    sql: "TRUNCATE weather",
    reason: "EmptyTable",
    failed: ["empty", "rows", "recentWeather"],
    says: /No rows in the span came from weather/,
  },
  {
    when: "counters_info is empty",
    sql: "TRUNCATE counters_info",
    reason: "EmptyTable",
    failed: ["empty"],
    says: /No rows in the span came from countersInfo/,
  },
  {
    when: "all three tables are empty",
    sql: "TRUNCATE bike_count; TRUNCATE weather; TRUNCATE counters_info",
    reason: "EmptyTable",
    failed: ["empty", "rows"],
    says: /bikeCount and weather and countersInfo.*also failed: rows/,
  },
  {
    when: "all stations are blacklisted",
    spec: { source: { blacklist: stations } },
    reason: "TooFewRows",
    failed: ["rows"],
    says: /1,600 readings leave 0 training rows, expected at least 1,000; 1,600 are of blacklisted stations/,
  },
  {
    when: "the only station has too few rows",
    sql: "DELETE FROM bike_count WHERE station_id <> 'station-003'",
    reason: "TooFewRows",
    failed: ["rows"],
    says: /200 readings leave 193 training rows/,
  },
  {
    when: "all counts are null",
    sql: "UPDATE bike_count SET intensity = NULL",
    reason: "TooFewRows",
    failed: ["rows"],
    says: /1,600 were null or negative/,
  },
  {
    when: "the newest count is too old",
    spec: { source: { asOf: "2025-09-01T02:00:00+02:00" } },
    reason: "StaleData",
    failed: ["age"],
    says: /newest count is of 2025-06-30, 63 days before 2025-09-01, expected at most 7/,
  },
  {
    when: "the weather of the last weeks is missing",
    sql: "DELETE FROM weather WHERE date > '2025-06-25'",
    reason: "MissingWeather",
    failed: ["recentWeather"],
    says: /5 count days of 28 .* have no weather, the newest is 2025-06-30; expected at most 5 %/,
  },
  {
    when: "duplicates contradict each other and nothing tells the later one",
    sql: `ALTER TABLE bike_count DROP id;
          INSERT INTO bike_count SELECT date, station_id, intensity + 1 FROM bike_count WHERE date = '2025-06-01'`,
    reason: "AmbiguousDuplicates",
    failed: ["duplicates"],
    says: /8 duplicates contradict each other.*source\.columns\.<table>\.order/,
  },
  {
    when: "the data are stale and the weather is missing, both of which are told",
    sql: "DELETE FROM weather WHERE date > '2025-05-01'",
    spec: { source: { asOf: "2025-09-01T02:00:00+02:00" } },
    reason: "StaleData",
    failed: ["age", "weather", "recentWeather"],
    says: /newest count is of 2025-06-30.*also failed: weather, recentWeather/,
  },
];

describe("a run ends as Aborted with exit code 0 and leaves the volume as it was", () => {
  test.concurrent.each(cases)("when $when", async ({ sql, spec = {}, reason, failed, says }) => {
    await using on = await scene(server);
    if (sql !== undefined) await on.db.none(sql);
    const ended = await run(on, { input: input(spec) });

    expect(ended).toMatchObject({ exitCode: 0, termination: { verdict: "Aborted", reason } });
    const { checks, message, stages } = reportOf(ended);
    const errors = checks.filter(({ passed, severity }) => !passed && severity === "error");
    expect(errors.map(({ name }) => name)).toEqual(failed);
    expect(message).toMatch(says);
    expect(stages.map(({ name }) => name)).not.toContain("search");
    expect(readdirSync(join(on.models, "bikes", "versions"))).toEqual([]);
  });

  test.concurrent("also when there is a current version", async () => {
    await using on = await scene(server);
    await run(on);
    await on.db.none("TRUNCATE weather");
    const ended = await run(on, { input: input({}, "0f0e0d0c-2") }); // It compares CURRENT.json with what it was.
    const { current } = reportOf(ended);
    expect(ended).toMatchObject({ exitCode: 0, termination: { verdict: "Aborted", current } });
    expect(current?.runUid).toBe("0f0e0d0c-1");
    expect(readdirSync(join(on.models, "bikes", "versions"))).toEqual([current?.version]);
  });

  test.concurrent("unless the spec makes the check a warning", async () => {
    await using on = await scene(server);
    const spec = { source: { asOf: "2025-09-01T02:00:00+02:00" }, checks: { severity: { age: "warning" } } };
    const ended = await run(on, { input: input(spec as RetrainRunSpec) });
    expect(ended).toMatchObject({ exitCode: 0, termination: { verdict: "Published" } });
    expect(ended.termination.failedChecks).toEqual([
      { name: "age", severity: "warning", value: 63, limit: 7 },
    ]);
  });
});
