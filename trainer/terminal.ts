import { SingleBar } from "cli-progress";

import { stageNames } from "../contract/stages.ts";
import type { ProgressDisplay } from "./progress.ts";

/** A progress bar with the stage and the time left on a terminal, redrawn in place. */
export function terminalDisplay(stream: NodeJS.WriteStream): ProgressDisplay {
  const bar = new SingleBar({
    format: "{step} {stage} |{bar}| {percentage} % {left}",
    barsize: 30,
    stream,
    clearOnComplete: true,
    hideCursor: true,
    etaBuffer: 1,
  });
  let shown = false;
  return {
    show: ({ stage, done, total, etaSeconds }) => {
      const words = {
        step: `[${String(stageNames.indexOf(stage) + 1)}/${String(stageNames.length)}]`,
        stage: stage.padEnd(8),
        // cli-progress has an {eta} of its own.
        left: etaSeconds === undefined ? "" : `${String(etaSeconds)} s left`,
      };
      if (!shown) bar.start(total ?? 1, done, words);
      shown = true;
      bar.setTotal(total ?? 1);
      bar.update(total === undefined ? 0 : done, words);
    },
    clear: () => {
      if (shown) bar.stop();
      shown = false;
    },
  };
}
