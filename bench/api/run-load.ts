import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { text } from "node:stream/consumers";

import { Load, type LoadPlan } from "./load.ts";

const main = path.join(import.meta.dirname, "load-main.ts");

/** In a process of its own, so that what this one does delays no request. The token stands in no command line. */
export async function runLoad(plan: LoadPlan): Promise<Load> {
  const child = spawn(process.execPath, [main], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "close");
  child.stdin.end(JSON.stringify(plan));
  const answer = await text(child.stdout);
  await ended;
  if (child.exitCode !== 0) throw new Error("The process that sends the requests has failed");
  return Load.parse(JSON.parse(answer));
}
