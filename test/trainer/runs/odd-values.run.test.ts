import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";

import type { RetrainRunSpec } from "../../../contract/retrain-run.ts";
import { startTestServer, type TestServer } from "../../support/database.ts";
import type { HistoryPlan } from "../../support/history.ts";
import { currentText } from "../publish/scene.ts";
import { input, reportOf, run, scene } from "./scene.ts";

jest.setTimeout(120_000);
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

/** The waterfall's numbers differ from those of the clean history only as told. */
const clean = {
  bike_count: 1600,
  null_or_negative: 0,
  duplicate: 0,
  partial_day: 0,
  blacklisted: 0,
  excluded: 0,
  no_weather: 0,
  no_lag: 56,
  training_rows: 1544,
};

interface Tolerated {
  readonly what: string;
  readonly plan?: HistoryPlan;
  readonly sql: string;
  readonly spec?: RetrainRunSpec;
  readonly waterfall: Partial<typeof clean>;
}

const tolerated: readonly Tolerated[] = [
  {
    what: "NaN and infinities of a double column, which are dropped and counted",
    sql: `ALTER TABLE bike_count ALTER intensity TYPE double precision;
          UPDATE bike_count SET intensity = 'NaN' WHERE station_id = 'station-001' AND date = '2025-06-30';
          UPDATE bike_count SET intensity = 'Infinity' WHERE station_id = 'station-002' AND date = '2025-06-30';
          UPDATE bike_count SET intensity = '-Infinity' WHERE station_id = 'station-003' AND date = '2025-06-30'`,
    waterfall: { null_or_negative: 3, training_rows: 1541 },
  },
  {
    what: "NaN weather, which is missing weather",
    sql: "UPDATE weather SET avg_temp = 'NaN' WHERE date = '2025-06-30'",
    waterfall: { no_weather: 8, training_rows: 1536 },
  },
  {
    what: "negative counts",
    sql: "UPDATE bike_count SET intensity = -5 WHERE date = '2025-06-30'",
    waterfall: { null_or_negative: 8, training_rows: 1536 },
  },
  {
    what: "one station with enough rows",
    plan: { stations: 1, days: 1100 },
    sql: "SELECT",
    waterfall: { bike_count: 1100, no_lag: 7, training_rows: 1093 },
  },
  {
    what: "station ids and names of 1,024 bytes",
    sql: `ALTER TABLE counters_info ALTER station_id TYPE text, ALTER name TYPE text;
          ALTER TABLE bike_count ALTER station_id TYPE text;
          UPDATE counters_info SET station_id = rpad(station_id, 1024, 'x'), name = repeat('é', 512);
          UPDATE bike_count SET station_id = rpad(station_id, 1024, 'x')`,
    waterfall: {},
  },
  {
    what: "the largest integer as a count",
    sql: "UPDATE bike_count SET intensity = 2147483647 WHERE station_id = 'station-004' AND date = '2025-03-01'",
    spec: { gate: { mode: "Off" } }, // What the gate says of it is another question.
    waterfall: {},
  },
  {
    what: "counts in the years 1 and 9999: one has no weather, the other is after the run's clock",
    sql: `INSERT INTO bike_count (date, station_id, intensity)
          VALUES ('0001-01-01', 'station-001', 7), ('9999-12-31', 'station-001', 7)`,
    waterfall: { bike_count: 1601, no_weather: 1 },
  },
  {
    what: "a station with apostrophes, line ends and no counters_info",
    sql: `UPDATE bike_count SET station_id = E'O''Neill "bridge"\\n\\t€' WHERE station_id = 'station-008'`,
    waterfall: {},
  },
];

describe("a run is Published despite", () => {
  test.concurrent.each(tolerated)("$what", async ({ plan, sql, spec = {}, waterfall }) => {
    await using on = await scene(server, plan);
    await on.db.any(sql);
    const ended = await run(on, { input: input(spec) });
    expect(ended).toMatchObject({ exitCode: 0, termination: { verdict: "Published" } });
    expect(reportOf(ended).data?.waterfall).toEqual({ ...clean, ...waterfall });
  });
});

const unreadable = [
  {
    what: "a double that no 32-bit float can hold",
    sql: `ALTER TABLE bike_count ALTER intensity TYPE double precision;
          UPDATE bike_count SET intensity = 1e300 WHERE station_id = 'station-001' AND date = '2025-06-30'`,
    says: /column intensity in row \d+: 1e\+300 does not fit a 32-bit float; correct the value/,
  },
  {
    what: "a station id of 5,000 bytes",
    sql: `ALTER TABLE bike_count ALTER station_id TYPE text;
          UPDATE bike_count SET station_id = repeat('x', 5000) WHERE id = 77`,
    says: /column station_id in row \d+: the id has 5000 bytes, expected at most 1024/,
  },
  {
    what: "an infinite date",
    sql: "UPDATE bike_count SET date = '-infinity' WHERE id = 77",
    says: /column date in row \d+: an infinite date has no day/,
  },
];

describe("a run fails with exit code 65 and publishes nothing, at", () => {
  test.concurrent.each(unreadable)("$what", async ({ sql, says }) => {
    await using on = await scene(server);
    await on.db.none(sql);
    const ended = await run(on);
    expect(ended).toMatchObject({
      exitCode: 65,
      termination: { verdict: "Failed", reason: "UnreadableValue", message: expect.stringMatching(says) },
    });
    expect(currentText(on.models)).toBe("");
  });
});
