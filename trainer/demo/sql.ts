import type { HistoryPlan } from "./generator/history.ts";
import { countLines, stationLines, targets, weatherLines } from "./generator/lines.ts";
import { createStatements, foreignKeyStatement } from "./tables.ts";

/**
 * A script that makes an empty database what `generate` makes it, for whatever runs SQL: it needs no connection of ours.
 * All or nothing. Memory does not grow with the number of years.
 */
export function* sqlOf(plan: HistoryPlan): Generator<string> {
  yield "BEGIN;\n";
  for (const statement of createStatements({ nullableIntensity: true })) yield `${statement};\n`;
  for (const lines of stationLines(plan)) yield insertion(targets.counters_info, lines);
  for (const lines of weatherLines(plan)) yield insertion(targets.weather, lines);
  for (const lines of countLines(plan)) yield insertion(targets.bike_count, lines);
  yield `${foreignKeyStatement};\nCOMMIT;\nANALYZE counters_info, weather, bike_count;\n`;
}

const insertion = (target: string, lines: string): string =>
  `INSERT INTO ${target} VALUES ${lines.trimEnd().split("\n").map(tuple).join(",\n")};\n`;

const tuple = (line: string): string => `(${line.split("\t").map(literal).join(", ")})`;

/** PostgreSQL reads a quoted cell as the type of its column. */
const literal = (cell: string): string => (cell === "\\N" ? "NULL" : `'${cell.replaceAll("'", "''")}'`);
