import { cleanExtracted } from "../../trainer/clean/clean-extracted.ts";
import { extract } from "../../trainer/extract/extract.ts";
import type { TrainingTable } from "../../trainer/features/training-table.ts";
import { localInput } from "../../trainer/run-file.ts";
import { runSpan } from "../../trainer/span.ts";
import type { Plan } from "./plan.ts";
import type { Stages } from "./stages.ts";

/** The cleaned history as the trainer's stages `extract` and `clean` make it. */
export async function cleanedHistory(plan: Plan, stages: Stages): Promise<TrainingTable> {
  const input = localInput({ source: { asOf: plan.asOf } });
  const span = runSpan(input.source, new Date());
  const found = await stages.time("extract", () =>
    extract({
      database: { url: plan.databaseUrl, applicationName: "bench" },
      source: input.source,
      span,
      onProgress: () => undefined,
    }),
  );
  if ("problems" in found) throw new Error(found.problems.join("; "));
  const { cleaned } = await stages.time("clean", () => cleanExtracted(found.extracted, input, span.since));
  return cleaned.table;
}
