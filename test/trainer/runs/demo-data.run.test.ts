import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, jest, test } from "@jest/globals";

import { modelsVolume } from "../publish/scene.ts";
import { nothingLeft, startDemo } from "./demo-scene.ts";

jest.setTimeout(120_000);

const days = Array.from({ length: 320 }, (_, i) =>
  new Date(Date.UTC(2025, 0, 1 + i)).toISOString().slice(0, 10),
);
const stations = ["a", "b", "c", "d", "e"];
const csv = (header: string, lines: readonly string[]): string => `${[header, ...lines].join("\n")}\n`;
const good = {
  "counters_info.csv": csv(
    "station_id,name,longitude,latitude",
    stations.map((id, i) => `${id},Counter ${id},3.8${String(i)},43.6${String(i)}`),
  ),
  "weather.csv": csv(
    "date,avg_temp,precipitation_mm,vent_max",
    days.map((day, i) => `${day},${String(10 + (i % 9))},${String(i % 4)},${String(10 + (i % 13))}`),
  ),
  "bike_count.csv": csv(
    "date,station_id,intensity",
    days.flatMap((day, i) =>
      stations.map((id, s) => `${day},${id},${String(100 + 40 * s + ((i * 31) % 47))}`),
    ),
  ),
};

describe("npm run demo -- --data with", () => {
  test.concurrent.each([
    {
      what: "good files",
      files: {},
      verdict: "Published",
      says: /trained on [\d,]+ rows of 5 stations through 2025-11-16/,
    },
    {
      what: "weather without a row",
      files: { "weather.csv": "date,avg_temp,precipitation_mm,vent_max\n" },
      verdict: "Aborted",
      says: /No rows in the span came from weather/,
    },
    {
      what: "an empty weather file",
      files: { "weather.csv": "" },
      verdict: "Aborted",
      says: /came from weather/,
    },
    {
      what: "counts in words",
      files: {
        "bike_count.csv": good["bike_count.csv"].replace(",247\n", ",many\n").replace(",100\n", ",many\n"),
      },
      verdict: "Aborted",
      says: /column bike_count\.intensity has type text/,
    },
    {
      what: "no dates at all",
      files: { "bike_count.csv": "station_id,intensity\na,5\n" },
      verdict: "Aborted",
      says: /has no column date/,
    },
  ])("$what ends as $verdict", async ({ files, verdict, says }) => {
    await using home = await modelsVolume();
    await using data = await modelsVolume();
    for (const [name, text] of Object.entries({ ...good, ...files }))
      await writeFile(join(data.path, name), text);
    using running = await startDemo(home.path, ["--data", data.path]);
    const { exitCode, stderr } = await running.ended;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.stringMatching(`${verdict}: `) });
    expect(stderr).toMatch(says);
    await nothingLeft(home.path);
  });
});
