import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";

import { startTestServer, type TestServer } from "../../support/database.ts";
import { input, reportOf, run, scene, type Scene } from "../runs/scene.ts";

jest.setTimeout(120_000);
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

/** A version that was trained on the days before June 2025, of a history that ends with that month. */
async function monthLater(): Promise<Scene> {
  const on = await scene(server, { days: 260 });
  const first = await run(on, { input: input({ source: { asOf: "2025-06-01T02:00:00+02:00" } }) });
  expect(first.termination).toMatchObject({ verdict: "Published" });
  expect(reportOf(first).checks.map(({ name }) => name)).not.toContain("level");
  return on;
}

describe("a month after the current version", () => {
  test("sound counts pass all five checks", async () => {
    await using on = await monthLater();
    const { checks } = reportOf(await run(on, { input: input({}, "0f0e0d0c-2") }));
    const names = ["rowsRatio", "stationsRatio", "level", "stationLevel", "stuck"];
    expect(
      checks.filter(({ name }) => names.includes(name)).map(({ name, passed }) => ({ name, passed })),
    ).toEqual(names.map((name) => ({ name, passed: true })));
  });

  test("counts that are five times too high end the run before any training", async () => {
    await using on = await monthLater();
    await on.db.none("UPDATE bike_count SET intensity = intensity * 5 WHERE date >= '2025-06-01'");
    const ended = await run(on, { input: input({}, "0f0e0d0c-2") });
    expect(ended).toMatchObject({
      exitCode: 0,
      termination: { verdict: "Aborted", reason: "ImplausibleLevel" },
    });
    expect(reportOf(ended).stages.map(({ name }) => name)).toEqual(["open", "extract", "clean", "check"]);
  });

  test("a history that lost its beginning ends the run, and the message names the current version", async () => {
    await using on = await monthLater();
    await on.db.none("DELETE FROM bike_count WHERE date < '2025-01-01'");
    const ended = await run(on, { input: input({}, "0f0e0d0c-2") });
    expect(ended.termination).toMatchObject({ verdict: "Aborted", reason: "RowsLost" });
    expect(reportOf(ended).message).toContain(`of version ${reportOf(ended).current?.version ?? "?"}`);
  });
});

test("an outage that is excluded does not make the counts stale", async () => {
  await using on = await scene(server);
  const exclude = [{ from: "2025-06-15", why: "the counters were being repaired" }];
  const { checks } = reportOf(await run(on, { input: input({ source: { exclude } }) }));
  expect(checks.find(({ name }) => name === "age")).toMatchObject({ passed: true, value: 1 });
});
