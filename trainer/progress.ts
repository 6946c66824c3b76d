import type { StageName } from "../contract/stages.ts";
import type { Log } from "./log.ts";

export interface Progress {
  readonly stage: StageName;
  readonly done: number;
  /** Undefined while nobody knows how much there is. */
  readonly total: number | undefined;
  readonly etaSeconds: number | undefined;
}

/** Who shows progress: the log of a container, or the last line of a terminal. */
export interface ProgressDisplay {
  show(progress: Progress): void;
  /** A stage has ended or the run is over: nothing may be left half-drawn. */
  clear(): void;
}

/** At least so many seconds between two progress lines of the log; the operator reads the newest one. */
const secondsBetweenLines = 5;

/** Seconds left, when the rest goes as what is done. Undefined before anything is done. */
export function etaSeconds(
  done: number,
  total: number | undefined,
  elapsedSeconds: number,
): number | undefined {
  if (total === undefined || done <= 0) return undefined;
  return Math.max(0, Math.round((elapsedSeconds * (total - done)) / done));
}

/** Progress of the current stage, with the time it started. */
export class ProgressMeter {
  readonly #display: ProgressDisplay;
  readonly #seconds: () => number;
  #stage: StageName | undefined;
  #startedAt = 0;

  constructor(display: ProgressDisplay, seconds: () => number) {
    this.#display = display;
    this.#seconds = seconds;
  }

  start(stage: StageName): void {
    this.#stage = stage;
    this.#startedAt = this.#seconds();
    this.report(0, undefined);
  }

  report(done: number, total: number | undefined): void {
    if (this.#stage === undefined) return;
    const elapsed = this.#seconds() - this.#startedAt;
    this.#display.show({ stage: this.#stage, done, total, etaSeconds: etaSeconds(done, total, elapsed) });
  }

  end(): void {
    this.#stage = undefined;
    this.#display.clear();
  }
}

/** One `{"event":"progress",…}` line at most every five seconds. */
export function logDisplay(log: Log, seconds: () => number): ProgressDisplay {
  let last = seconds();
  return {
    show: ({ stage, done, total, etaSeconds: eta }) => {
      if (total === undefined || seconds() - last < secondsBetweenLines) return;
      last = seconds();
      log.info("progress", { event: "progress", stage, done, total, etaSeconds: eta ?? null });
    },
    clear: () => undefined,
  };
}
