import { releaseHold } from "../publish/restore.ts";
import type { Answer, Surroundings } from "./answer.ts";
import type { Asked } from "./asked.ts";
import { asWriter } from "./writing.ts";

/** Ends the hold of a restore. */
export async function release(around: Surroundings, asked: Asked["release"]): Promise<Answer> {
  const { say, clock } = around;
  const { model, reason, by = around.who } = asked;
  const done = await asWriter(around, model, (writing) =>
    releaseHold({ ...writing, by, why: reason, clock, say }),
  );
  const { version, generation, released, unfinished } = done;
  if (unfinished !== undefined) say(unfinished.message);
  return {
    document: { model, version, generation, released, by, why: reason },
    text: [
      `Released: the next run may replace ${version} of ${model}, which ${released.by} held (${released.why}).`,
    ],
    exitCode: 0,
  };
}
