import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";

import { startTestServer, type TestServer } from "../../support/database.ts";
import { publishedTwice, type PublishedTwice } from "./published-twice.ts";
import { documentOf, runModels } from "./scene.ts";

jest.setTimeout(120_000);
let server: TestServer;
let published: PublishedTwice;
beforeAll(async () => {
  server = await startTestServer();
  published = await publishedTwice(server);
});
afterAll(async () => {
  await published[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

describe("where real versions came from", () => {
  test("list has the figures of both runs' reports", async () => {
    const { on, first, second } = published;
    const figures = ({ version, data, training, evaluation }: typeof first) => ({
      version,
      dataThrough: data?.dataThrough,
      rows: data?.rows,
      stations: data?.stations,
      parameters: training?.winner,
      mae: evaluation?.candidate.mae,
      naiveMae: evaluation?.naive.mae,
    });
    const listed = await documentOf(on.models, ["list", "bikes"]);
    const championMae = second.evaluation?.champion?.mae;
    expect(listed).toMatchObject({ versions: [{ ...figures(second), championMae }, figures(first)] });
    expect(await documentOf(on.models, ["list"])).toMatchObject({
      models: [{ model: "bikes", current: second.version, versions: 2, dataThrough: "2025-06-30" }],
    });
  });

  test("show tells the whole lineage", async () => {
    const { on, first } = published;
    const { stdout } = await runModels(on.models, ["show", "bikes", "previous"]);
    const facts = new Map(
      stdout.split("\n").flatMap((line) => {
        const [, , fact = "", found = ""] = line.split(/[║│]/).map((cell) => cell.trim());
        return fact === "" ? [] : [[fact, found] as const];
      }),
    );
    const { data, training, lineage } = first;
    expect(Object.fromEntries(facts)).toMatchObject({
      "data fingerprint": data?.fingerprint,
      "recipe fingerprint": lineage.recipeFingerprint,
      rows: String(data?.rows),
      stations: "8",
      "data through": "2025-05-31",
      seed: "0",
      threads: "1",
      libxgboost: training?.libraryVersion,
      node: process.version,
      "run uid": "0f0e0d0c-1",
      "requested by": "ann",
      door: "Manual",
      period: "2025-06",
    });
    for (const file of ["model.ubj", "preprocessor.json", "report.json"])
      expect(stdout).toContain(`│ ${file}`);
    expect(stdout).toMatch(/║ 1 │ +1 │ .* Publish │ +│ \d{8}T/);
  });
});

describe("two real versions", () => {
  test("diff sets data, parameters, errors and importance side by side", async () => {
    const { on, first, second } = published;
    const found = await documentOf(on.models, ["diff", "bikes", "previous"]);
    const rows = [first.data?.rows ?? 0, second.data?.rows ?? 0] as const;
    expect(found).toMatchObject({
      a: first.version,
      b: second.version,
      data: expect.arrayContaining([
        { fact: "rows", a: rows[0], b: rows[1], difference: rows[1] - rows[0] },
        { fact: "data through", a: "2025-05-31", b: "2025-06-30" },
      ]),
      stations: { added: [], removed: [] },
      cleaning: expect.arrayContaining([
        { fact: "training_rows", a: rows[0], b: rows[1], difference: rows[1] - rows[0] },
      ]),
      parameters: expect.arrayContaining([
        { fact: "seed", a: 0, b: 7, difference: 7 },
        { fact: "max depth", a: first.training?.winner.maxDepth, b: 4, difference: expect.any(Number) },
      ]),
    });
    const { importancePercent } = found as { importancePercent: { a?: number; b?: number }[] };
    const sum = (side: "a" | "b") => importancePercent.reduce((total, fact) => total + (fact[side] ?? 0), 0);
    expect(sum("a")).toBeCloseTo(100, 9);
    expect(sum("b")).toBeCloseTo(100, 9);
  });
});
