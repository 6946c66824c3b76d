import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { dayOf, dayText, type Day } from "../../../trainer/days.ts";
import { exportFeatures } from "../../../trainer/features/export.ts";
import { featureNames } from "../../../trainer/features/names.ts";
import { allRows, FeatureSource } from "../../../trainer/features/source.ts";
import { cleanedOf, everyDay, type CountRow } from "../../support/builders.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "features-"));
});
afterAll(() => rm(directory, { recursive: true }));

const hardFloats = [0.1, 1 / 3, 2 / 3, 1e-7, 16_777_217, 3.4e38, 123_456.79, 1e-45, 0];
const odd = 'Rue "A", B\nC';
const rows: CountRow[] = [
  ...everyDay(odd, "2026-06-01", [...hardFloats, ...hardFloats]),
  ...everyDay("a", "2026-06-01", [...hardFloats, ...hardFloats]),
];
const { table, stations } = cleanedOf(rows, {
  weatherOf: (day) => ({
    avgTemp: 24.6,
    precipitation: day === dayOf("2026-06-10") ? NaN : 1e-7,
    wind: 18.7,
  }),
  stationInfo: new Map([["a", { id: "a", latitude: 43.609_699_2, longitude: 3.896_939_99 }]]),
  allowPartialWeather: true,
});

async function written(name: string): Promise<Buffer> {
  const file = path.join(directory, name);
  await exportFeatures(
    table,
    stations.map(({ id }) => id),
    file,
  );
  return readFile(file);
}

/** RFC 4180: a quoted cell may hold commas, line ends and doubled quotes. */
function cells(text: Buffer): string[][] {
  const rows: string[][] = [[]];
  for (const [, cell = "", end] of text.toString().matchAll(/("(?:[^"]|"")*"|[^,\n]*)([,\n])/g)) {
    rows.at(-1)?.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end === "\n") rows.push([]);
  }
  return rows.slice(0, -1);
}

describe("exportFeatures()", () => {
  test("names date, station, the 22 features and intensity", async () => {
    const [header] = cells(await written("header.csv"));
    expect(header).toEqual(["date", "station", ...featureNames, "intensity"]);
  });

  test("writes every row so that each float32 comes back, and an unknown value empty", async () => {
    const batch = new FeatureSource(table, allRows(table), 1000).next();
    const [, ...lines] = cells(await written("rows.csv"));
    expect(lines).toHaveLength(batch?.rows ?? 0);
    for (const [r, [day, station, ...values]] of lines.entries()) {
      const exact = featureNames.map((_, f) => batch?.values[f * batch.stride + r]);
      expect([day, station]).toEqual([dayText(batch?.days[r] as Day), stations[exact[0] ?? 0]?.id]);
      const read = values.map((text) => (text === "" ? NaN : Math.fround(Number(text))));
      expect(read).toEqual([...exact, batch?.labels[r]]);
    }
  });

  test("quotes what CSV would misread", async () => {
    const text = (await written("quoted.csv")).toString();
    expect(text).toContain('2026-06-08,"Rue ""A"", B\nC",0,');
    expect(text).toContain("2026-06-08,a,1,43.6096992,3.89693999,24.6000004,");
  });

  test("is gzipped when the name says so", async () => {
    expect(gunzipSync(await written("rows.csv.gz"))).toEqual(await written("plain.csv"));
  });

  test("says when it cannot write", async () => {
    const nowhere = path.join(directory, "missing", "rows.csv");
    await expect(exportFeatures(table, [], nowhere)).rejects.toThrow("ENOENT");
  });
});
