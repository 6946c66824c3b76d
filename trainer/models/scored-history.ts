import type { Preprocessor } from "../../contract/published.ts";
import { cleanExtracted } from "../clean/clean-extracted.ts";
import { dayText } from "../days.ts";
import { RunFailure } from "../errors.ts";
import type { StationTable } from "../evaluate/judged.ts";
import { extract } from "../extract/extract.ts";
import { localInput, readRunFile } from "../run-file.ts";
import type { Surroundings } from "./answer.ts";
import type { Asked } from "./asked.ts";
import { openData } from "./score-data.ts";

/**
 * The rows of the days asked for, read and cleaned as a run does. Without a manifest the built-in source, in the
 * model's time zone. Throws RunFailure as a run fails, and BadConfiguration for tables that do not fit.
 */
export async function scoredHistory(
  around: Surroundings,
  asked: Asked["score"],
  { timeZone }: Pick<Preprocessor, "timeZone">,
): Promise<StationTable> {
  const spec = asked.run === undefined ? {} : readRunFile(asked.run).spec;
  const { since, until } = asked;
  const source = { timeZone, ...spec.source, since: dayText(since), until: dayText(until) };
  const input = localInput({ ...spec, model: asked.model, source });
  const span = { asOf: around.clock(), asOfDay: until, since, until };
  await using data = await openData(around, asked.data);
  const database = {
    ...data.database,
    applicationName: `retrain-models ${asked.model}`,
    signal: around.signal,
  };
  const found = await extract({ database, source: input.source, span, onProgress: () => undefined });
  if ("extracted" in found) return cleanExtracted(found.extracted, input, since).cleaned;
  throw new RunFailure(
    "BadConfiguration",
    `Cannot read the data: ${found.problems.join("; ")}. Correct the tables, or map them in a manifest (--run).`,
  );
}
