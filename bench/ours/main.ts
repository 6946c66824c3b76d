import { readFileSync } from "node:fs";

import { setOpenMpVariables } from "../../trainer/xgboost/threads.ts";
import { Plan } from "./plan.ts";
import { Stages } from "./stages.ts";
import { tasks } from "./tasks.ts";

/** `node main.ts TASK PLAN.json`: does one task with the trainer's own code; what came of it goes to stdout as JSON. */
const [task = "", file = ""] = process.argv.slice(2);
const plan = Plan.parse(JSON.parse(readFileSync(file, "utf8")));
setOpenMpVariables(process.env, plan.threads);
const work = tasks.get(task);
if (work === undefined) throw new Error(`There is no task ${task}`);
const stages = new Stages();
const begun = performance.now();
const result = await work(plan, stages);
const seconds = (performance.now() - begun) / 1000;
process.stdout.write(JSON.stringify({ seconds, stages: stages.seconds, ...result }));
