import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";

import { dayText, type Day } from "../days.ts";
import { columnOf, featureNames, targetName } from "./names.ts";
import { allRows, FeatureSource, type FeatureBatch } from "./source.ts";
import type { TrainingTable } from "./training-table.ts";

const batchRows = 4096;
const stationColumn = columnOf("station_id");

/** Nine significant digits bring every float32 back; fewer are written where they are enough. */
const float32Text = (value: number): string =>
  Number.isNaN(value) ? "" : String(Number(value.toPrecision(9)));

const quoted = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

function* lines(table: TrainingTable, ids: readonly string[]): Generator<string> {
  yield `${["date", "station", ...featureNames, targetName].join(",")}\n`;
  const source = new FeatureSource(table, allRows(table), batchRows);
  for (let batch = source.next(); batch !== undefined; batch = source.next()) {
    const rows = Array.from({ length: batch.rows }, (_, row) => line(batch, row, ids));
    yield rows.join("");
  }
}

function line(batch: FeatureBatch, row: number, ids: readonly string[]): string {
  const station = batch.values[stationColumn * batch.stride + row] ?? 0;
  const values = featureNames.map((_, f) => float32Text(batch.values[f * batch.stride + row] ?? Number.NaN));
  const label = float32Text(batch.labels[row] ?? Number.NaN);
  return `${[dayText((batch.days[row] ?? 0) as Day), quoted(ids[station] ?? ""), ...values, label].join(",")}\n`;
}

/** Writes the matrix that the model sees as CSV, gzipped when the file's name ends in .gz; missing values are empty. */
export async function exportFeatures(
  table: TrainingTable,
  ids: readonly string[],
  file: string,
): Promise<void> {
  const text = Readable.from(lines(table, ids));
  const target = createWriteStream(file);
  await (file.endsWith(".gz") ? pipeline(text, createGzip(), target) : pipeline(text, target));
}
