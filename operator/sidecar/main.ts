import { runSidecarProcess } from "./process.ts";

process.exit(await runSidecarProcess());
