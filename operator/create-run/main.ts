import { createRunProcess } from "./process.ts";

process.exit(await createRunProcess());
