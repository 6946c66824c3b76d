import { readFileSync, writeFileSync } from "node:fs";

import { z } from "zod";

import { ExitCode } from "../../contract/exit-codes.ts";
import { TrainerReport } from "../../contract/trainer-report.ts";
import { reportPage } from "./page.ts";

/**
 * `node main.ts [REPORT.json [PAGE.html]]` reads a run's report, from standard input when no file or `-` is named, and writes
 * its page, to standard output when no second file is named. It is a process of its own because danfojs and Vega would stay
 * in the trainer's memory.
 */
const [source = "-", target] = process.argv.slice(2);
const report = readReport(source);
if (report === undefined) {
  process.exitCode = ExitCode.BadData;
} else {
  const page = await reportPage(report);
  if (target === undefined) process.stdout.write(page);
  else writeFileSync(target, page);
}

function readReport(file: string): TrainerReport | undefined {
  const text = readFileSync(file === "-" ? 0 : file, "utf8");
  try {
    return TrainerReport.parse(JSON.parse(text));
  } catch (error) {
    const name = file === "-" ? "standard input" : file;
    process.stderr.write(`Cannot read ${name} as the JSON report of a run: ${wordsOf(error)}\n`);
    return undefined;
  }
}

function wordsOf(error: unknown): string {
  return error instanceof z.ZodError ? z.prettifyError(error) : String(error);
}
