import type { Hold } from "../../contract/published.ts";
import { given } from "../../contract/given.ts";
import { dayText } from "../days.ts";
import { RunFailure } from "../errors.ts";
import { restoreVersion } from "../publish/restore.ts";
import { versionRecords } from "../publish/version-records.ts";
import type { Answer, Surroundings } from "./answer.ts";
import type { Asked } from "./asked.ts";
import { minute } from "./cells.ts";
import { findVersion } from "./find-version.ts";
import { asWriter } from "./writing.ts";

/** Makes an older version current again; unless asked otherwise, no run replaces it until it is released. */
export async function restore(around: Surroundings, asked: Asked["restore"]): Promise<Answer> {
  const { say, clock } = around;
  const { model, reason, by = around.who } = asked;
  const hold = holdOf(asked, clock());
  const restored = await asWriter(around, model, async ({ directory, ...writing }) => {
    const { version } = findVersion(await versionRecords(directory), asked.version);
    return await restoreVersion({ ...writing, directory, version, by, why: reason, hold, clock, say });
  });
  const { version, from, unfinished } = restored;
  if (unfinished !== undefined) say(unfinished.message);
  const { generation } = restored;
  const instead = from === null || from === version ? "" : ` instead of ${from}`;
  return {
    document: {
      verdict: "Restored",
      model,
      ...given({ version, from, generation, by, why: reason, hold: restored.hold }),
    },
    text: [`Restored: ${version} of ${model} is current${instead}. ${holdSentence(restored.hold)}`],
    exitCode: 0,
  };
}

function holdOf({ hold }: Asked["restore"], now: Date): { until?: string } | undefined {
  if (hold?.until === undefined) return hold && {};
  const until = `${dayText(hold.until)}T00:00:00.000Z`;
  if (Date.parse(until) > now.getTime()) return { until };
  throw new RunFailure(
    "BadConfiguration",
    `Cannot hold until a day that is over: the hold would end at ${minute(until)} UTC. Name today or a later day.`,
  );
}

function holdSentence(hold: Hold | undefined): string {
  if (hold === undefined) return "The next run may replace it.";
  if (hold.until !== undefined)
    return `No run replaces it before ${minute(hold.until)} UTC, unless it is forced.`;
  return "No run replaces it until it is released, unless it is forced.";
}
