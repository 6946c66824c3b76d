import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

import { api } from "./api.ts";
import { askedFor, usageOf, type Asked, type AskedBench } from "./command-line.ts";
import { gate } from "./gate.ts";
import { lag } from "./lag.ts";
import type { Program } from "./program.ts";
import { features } from "./features.ts";
import { reconcile } from "./reconcile.ts";
import { retrain } from "./retrain.ts";
import { areMet, linesOf, reportOf, type Measured } from "./report.ts";
import { startUp } from "./start-up.ts";
import { training } from "./training.ts";

const programs: ReadonlyMap<string, Program> = new Map([
  ["reconcile", reconcile],
  ["api", api],
  ["features", features],
  ["retrain", retrain],
  ["training", training],
  ["gate", gate],
  ["lag", lag],
  ["start-up", startUp],
]);
const badUsage = 64;

/** `npm run bench -- NAME…`: measures, prints, and keeps the results as JSON. Returns the exit code: 1 when a bar is not met. */
async function bench(words: readonly string[]): Promise<number> {
  const asked = words.includes("--help") ? undefined : whatIsAsked(words);
  if (asked === undefined || Error.isError(asked)) {
    say([...(asked === undefined ? [] : [asked.message]), usageOf(programs)].join("\n"));
    return asked === undefined ? 0 : badUsage;
  }
  const all: Measured[] = [];
  for (const one of asked.benches) all.push(await measured(one, asked));
  if (asked.json !== undefined) await keep(asked.json, all);
  return areMet(reportOf(all)) ? 0 : 1;
}

function whatIsAsked(words: readonly string[]): Asked | Error {
  try {
    return askedFor(words, programs);
  } catch (error) {
    if (Error.isError(error)) return error;
    throw error;
  }
}

async function measured({ name, program, values }: AskedBench, { json }: Asked): Promise<Measured> {
  say(`${name}: ${program.summary} (${program.takes})`);
  const result = await program.measure(values, say);
  process.stdout.write(`${linesOf(reportOf([result])).join("\n")}\n`);
  if (json === undefined) await keep(path.join(import.meta.dirname, "results", `${name}.json`), [result]);
  return result;
}

async function keep(file: string, results: readonly Measured[]): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(reportOf(results), null, 2)}\n`);
  say(`Written: ${file}`);
}

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

try {
  process.exitCode = await bench(process.argv.slice(2));
} catch (error) {
  if (!Error.isError(error)) throw error;
  say(error.message);
  process.exitCode = 1;
}
