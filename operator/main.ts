import { runProcess } from "./process.ts";

process.exit(await runProcess());
