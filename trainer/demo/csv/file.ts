import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { basename } from "node:path";
import type { Readable } from "node:stream";

import { codeOf, RunFailure } from "../../errors.ts";

/** Longer first lines are not a header. */
const HEADER_BYTES = 65_536;

/** A CSV file whose first line has been read. */
export interface CsvFile {
  readonly name: string;
  /** In the order of the file; none when the file is empty. */
  readonly columns: readonly string[];
  /** The whole file, header included. */
  content(): Readable;
}

/** Opens a file for its header. @throws RunFailure BadConfiguration when it is missing or cannot be read */
export async function csvFile(path: string): Promise<CsvFile> {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES));
    const [header = ""] = buffer.toString("utf8", 0, bytesRead).split(/\r\n|\r|\n/, 1);
    return { name: basename(path), columns: headerColumns(header), content: () => createReadStream(path) };
  } catch (cause) {
    const why = codeOf(cause) ?? String(cause);
    const message = `Cannot read ${path}: ${why}; the data directory must have bike_count.csv, weather.csv and counters_info.csv`;
    throw new RunFailure("BadConfiguration", message, { cause });
  }
}

/** The names in a header line, without quotes, spaces around them and a byte order mark. */
export function headerColumns(line: string): string[] {
  if (line.trim() === "") return [];
  // For JavaScript a byte order mark is white space.
  const fields = `,${line}`.match(/,\s*(?:"(?:[^"]|"")*"|[^,]*)/g) ?? [];
  return fields.map((field) => field.slice(1).trim().replace(/^"|"$/g, "").replaceAll('""', '"').trim());
}
