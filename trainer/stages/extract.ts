import { schemaFailure } from "../checks/data-gate.ts";
import { RunFailure } from "../errors.ts";
import { extract, type Extracted } from "../extract/extract.ts";
import type { Run } from "../run.ts";

/** The readings of one instant of the database; undefined when the check `schema` has failed. */
export async function extractStage(run: Run): Promise<Extracted | undefined> {
  const { config, input, span, meter, signal, draft } = run;
  const { databaseUrl: url } = config;
  if (url === undefined) throw new RunFailure("Bug", "The history was asked for without a DATABASE_URL");
  const found = await run.stages.run(
    "extract",
    () =>
      extract({
        database: {
          url,
          caFile: config.databaseCaFile,
          applicationName: `retrain-trainer ${input.model}`,
          signal,
        },
        source: input.source,
        span,
        onProgress: (done, total) => {
          meter.report(done, total);
        },
      }),
    (result) => ({ rows: "problems" in result ? 0 : result.extracted.readings.bikeCount }),
  );
  if (!("problems" in found)) return found.extracted;
  draft.checks = [schemaFailure(found.problems)];
  return undefined;
}
