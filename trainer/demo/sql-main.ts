import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { dayText, localDay, plusDays } from "../days.ts";
import { RunFailure } from "../errors.ts";
import { demoOptions } from "./options.ts";
import { sqlOf } from "./sql.ts";

/** `node trainer/demo/sql-main.ts FILE [--stations N --years N --seed N]`: a script that fills a database with counts up to yesterday. */
try {
  const [file = "", ...words] = process.argv.slice(2);
  const { stations, years, seed } = demoOptions(words);
  const endDay = dayText(plusDays(localDay(new Date(), "Europe/Paris"), -1));
  await pipeline(Readable.from(sqlOf({ stations, years, seed, endDay })), createWriteStream(file));
  process.stdout.write(`Wrote ${file}: counts of ${String(stations)} stations up to ${endDay}\n`);
} catch (error) {
  if (!(error instanceof RunFailure)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}
