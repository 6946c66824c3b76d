import { readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";

import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { z } from "zod";

import { Waterfall, type DataReport } from "../../../contract/trainer-report.ts";
import { loadCsv } from "../../../trainer/demo/load-csv.ts";
import { featureNames } from "../../../trainer/features/names.ts";
import { startTestDatabase } from "../../support/database.ts";
import { historyOf, matrixOf } from "./history-of.ts";

jest.setTimeout(120_000);

const directory = process.env["SAMPLE_DATA"] ?? "../shared/data";
const reference = (name: string): Buffer => readFileSync(path.join(directory, "reference", name));

const cleanup = new AsyncDisposableStack();
let matrix: (string | number)[][];
let data: DataReport;

beforeAll(async () => {
  const { url, db } = cleanup.use(await startTestDatabase());
  await loadCsv(path.join(directory, "montpellier"), db);
  const run = await historyOf(url, { source: { asOf: "2024-12-07T02:00:00+01:00" } });
  matrix = matrixOf(run.history);
  data = run.data;
});
afterAll(() => cleanup.disposeAsync());

/** Texts as float32, empty as NaN; day and station stay texts. */
const numbered = ([day = "", station = "", ...values]: readonly string[]): (string | number)[] => [
  day,
  station,
  ...values.map((text) => (text === "" ? NaN : Math.fround(Number(text)))),
];

describe("the city's real data", () => {
  test("go through the waterfall as pandas computed it", () => {
    const expected = Waterfall.extend({ stations: z.int() }).parse(
      JSON.parse(reference("waterfall.json").toString()),
    );
    expect({ ...data.waterfall, stations: data.stations }).toEqual(expected);
  });

  test("give every float32 of the reference's features", () => {
    const text = gunzipSync(reference("features.csv.gz")).toString().trimEnd();
    const [header, ...rows] = text.split("\n").map((line) => line.split(","));
    expect(header).toEqual(["date", "station", ...featureNames, "intensity"]);
    expect(matrix).toHaveLength(rows.length);
    const differing = rows.flatMap((row, r) => {
      const expected = numbered(row);
      const isEqual = expected.every((value, c) => Object.is(value, matrix[r]?.[c]));
      return isEqual ? [] : [{ row: r, expected, found: matrix[r] }];
    });
    expect(differing.slice(0, 3)).toEqual([]);
  });

  test("end on the last day of counts", () => {
    expect(data).toMatchObject({ dataThrough: "2024-12-06", firstDay: "2020-11-12", until: "2024-12-07" });
    expect(data.tables).toMatchObject({
      bikeCount: { granularity: "daily" },
      weather: { granularity: "daily" },
    });
  });
});
