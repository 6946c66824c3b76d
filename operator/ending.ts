import type { Log } from "./log.ts";

/** Less than the 30 s that Kubernetes leaves between SIGTERM and SIGKILL. */
const graceMilliseconds = 25_000;

/** How a process speaks of its own end. */
export interface EndWords {
  /** `operator` */
  readonly program: string;
  /** What is still done after the signal. */
  readonly last: string;
  /** When that has taken too long. */
  readonly late: string;
}

/** Whatever nobody has caught ends the process with one line of its log. */
export function endOnUncaught(log: Log, program: string): void {
  const end = (error: unknown): void => {
    log.error(`The ${program} ends: nobody has caught this error`, { error });
    process.exit(1);
  };
  process.on("uncaughtException", end);
  process.on("unhandledRejection", end);
}

/** Aborted by the first SIGTERM or SIGINT; a second one changes nothing, for what is under way ends by itself. */
export function endOnSignal(log: Log, { program, last, late }: EndWords): AbortSignal {
  const ending = new AbortController();
  const end = (signal: NodeJS.Signals): void => {
    log.info(`${signal}: ${last}`);
    if (ending.signal.aborted) return;
    ending.abort();
    setTimeout(() => {
      log.error(`The ${program} ends ${late}: it has taken too long`);
      process.exit(1);
    }, graceMilliseconds).unref();
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  return ending.signal;
}
