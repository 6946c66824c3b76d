import { stopSignals } from "./stop-signals.ts";

/** The trainer's container: one run, told by the environment; ends with the exit code of the run. */
// First of all: a container's first process never sees a SIGTERM that comes while it has no handler.
const stopped = stopSignals(process);
const { readConfig, readInput } = await import("./config.ts");
const { runProcess } = await import("./process.ts");
await runProcess(process, { configOf: readConfig, inputOf: readInput, stopped });
