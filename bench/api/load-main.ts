import { text } from "node:stream/consumers";

import { load, LoadPlan } from "./load.ts";

/** A load in a process of its own: its plan comes as JSON on stdin, what came of it goes to stdout. */
const plan = LoadPlan.parse(JSON.parse(await text(process.stdin)));
process.stdout.write(JSON.stringify(await load(plan)));
