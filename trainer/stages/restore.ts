import type { Restore } from "../../contract/retrain-run.ts";
import { restorableManifest, restoreVersion } from "../publish/restore.ts";
import type { Outcome } from "../report/ending.ts";
import type { Run } from "../run.ts";
import type { Volume } from "./open.ts";

/** Makes an older version current again: no database, no training, the last steps of a publication. */
export const restoreStage = (
  run: Run,
  { directory, standing, lock }: Volume,
  { version, reason, hold = true }: Restore,
): Promise<Outcome> =>
  run.stages.run("publish", async (): Promise<Outcome> => {
    const { input, draft, log, clock, signal } = run;
    if (input.dryRun) {
      await restorableManifest({ directory, version, standing });
      return { kind: "dry-run", would: `${version} is complete and would become current again` };
    }
    signal.throwIfAborted();
    draft.publishing = true;
    const restored = await restoreVersion({
      directory,
      version,
      runUid: input.runUid,
      by: input.requestedBy ?? input.trigger,
      why: reason,
      hold: hold ? {} : undefined,
      standing,
      lock,
      clock,
      say: (sentence) => {
        log.warn(sentence, { stage: "publish" });
      },
    });
    draft.version = restored.version;
    draft.current = { version: restored.version, runUid: input.runUid };
    draft.restored = {
      version: restored.version,
      from: restored.from,
      ...(restored.hold === undefined ? {} : { hold: restored.hold }),
    };
    const held = restored.hold === undefined ? [] : ["It is held until it is released or a run is forced"];
    const notes = [...held, ...(restored.unfinished === undefined ? [] : [restored.unfinished.message])];
    return { kind: "restored", version: restored.version, from: restored.from, notes };
  });
