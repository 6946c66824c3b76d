import { readConfig, readInput } from "./config.ts";
import { runProcess } from "./process.ts";

/** The trainer's container: one run, told by the environment; ends with the exit code of the run. */
await runProcess(process, readConfig, readInput);
