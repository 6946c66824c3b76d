import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";

import { z } from "zod";

import type { Program } from "./program.ts";
import { reconcile } from "./reconcile.ts";
import { areMet, linesOf, reportOf } from "./report.ts";

const programs: ReadonlyMap<string, Program> = new Map([["reconcile", reconcile]]);
const badUsage = 64;

/** `npm run bench -- NAME`: measures, prints, and keeps the results as JSON. Returns the exit code: 1 when a bar is not met. */
async function bench([name = "", ...words]: readonly string[]): Promise<number> {
  const program = programs.get(name);
  if (program === undefined) {
    say(usage());
    return name === "--help" ? 0 : badUsage;
  }
  const { json = path.join(import.meta.dirname, "results", `${name}.json`), ...values } = parsed(
    program,
    words,
  );
  const report = reportOf(await program.measure(values, say));
  await mkdir(path.dirname(json), { recursive: true });
  await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(`${linesOf(report).join("\n")}\n`);
  say(`Written: ${json}`);
  return areMet(report) ? 0 : 1;
}

type Values = Readonly<Record<string, string>> & { readonly json?: string };

function parsed(program: Program, words: readonly string[]): Values {
  const options: Record<string, TextOption> = { json: { type: "string" } };
  for (const [name, { default: usual }] of Object.entries(program.options)) {
    options[name] = { type: "string", default: usual };
  }
  const { values } = parseArgs({ args: [...words], options });
  return z.record(z.string(), z.string()).parse(values);
}

interface TextOption {
  readonly type: "string";
  readonly default?: string;
}

function usage(): string {
  const described = [...programs].flatMap(([name, { summary, options }]) => [
    `  ${name}: ${summary}`,
    ...Object.entries(options).map(
      ([option, { default: usual, meaning }]) => `      --${option} ${usual}  ${meaning}`,
    ),
  ]);
  return ["Usage: npm run bench -- NAME [--json FILE] [OPTION VALUE…]", ...described].join("\n");
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
