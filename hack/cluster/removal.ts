import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

import { endDaemons } from "./processes.ts";

/** The file of shell commands, one a line, that take back what outlives processes, such as control groups. */
export const undoFile = "undo";

/** Ends the processes of a control plane, takes back what they did to the machine and removes its directory. */
export async function endControlPlane(directory: string): Promise<void> {
  await endDaemons(directory);
  const undo = path.join(directory, undoFile);
  if (existsSync(undo)) await promisify(execFile)("/bin/sh", [undo]);
  await rm(directory, { recursive: true, force: true });
}
