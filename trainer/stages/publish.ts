import { readFile } from "node:fs/promises";
import path from "node:path";

import { modelCard } from "../artifacts/card.ts";
import { preprocessorJson } from "../artifacts/preprocessor.ts";
import { RunFailure } from "../errors.ts";
import type { Run } from "../run.ts";
import { publish } from "../publish/publish.ts";
import { stage, type Staging } from "../publish/staging.ts";
import type { Outcome } from "../report/report.ts";
import type { Candidate } from "./candidate.ts";
import { verifyModel } from "./verify.ts";

/** Writes the version, verifies the model from the written bytes, and makes it current by one rename. */
export async function publishStage(run: Run, candidate: Candidate): Promise<Outcome> {
  const { input, draft, log, clock } = run;
  const warn = (sentence: string): void => {
    log.warn(sentence, { stage: "publish" });
  };
  await using staging = await stage(candidate.directory, {
    runUid: input.runUid,
    now: clock(),
    say: warn,
    onStep: (step, detail) => {
      log.debug(step, { stage: "publish", detail });
    },
  });
  await run.stages.run("verify", async () => {
    await staging.write("model.ubj", candidate.fitted.model);
    const written = await readFile(path.join(staging.versionPath, "model.ubj"));
    await verifyModel(written, candidate);
  });
  return await run.stages.run("publish", async () => {
    await writeDocuments(run, staging, candidate);
    run.signal.throwIfAborted();
    draft.publishing = true;
    const published = await publish(staging, {
      champion: candidate.champion,
      by: input.requestedBy ?? input.trigger,
      why:
        input.force?.reason ??
        (input.period === undefined ? `${input.trigger} run` : `period ${input.period}`),
      clock,
    });
    if (published.unfinished !== undefined) warn(published.unfinished.message);
    draft.version = published.version;
    draft.current = { version: published.version, runUid: input.runUid };
    return { kind: "published", version: published.version, unfinished: published.unfinished };
  });
}

async function writeDocuments(run: Run, staging: Staging, { history, fitted }: Candidate): Promise<void> {
  const { draft, input } = run;
  const { data, checks, training, evaluation, evaluationSkipped } = draft;
  if (data?.dataThrough === undefined) throw new RunFailure("Bug", "A model was trained without a last day");
  const json = (document: unknown): string => `${JSON.stringify(document, null, 1)}\n`;
  const preprocessor = {
    version: staging.version,
    model: fitted.model,
    input,
    stations: history.stations,
    dataThrough: data.dataThrough,
  };
  await staging.write("preprocessor.json", preprocessorJson(preprocessor));
  await staging.write("metrics.json", json({ data, training, evaluation, evaluationSkipped }));
  await staging.write("checks.json", json(checks));
  await staging.write("card.md", modelCard(run.reportSoFar(), staging.version));
}
