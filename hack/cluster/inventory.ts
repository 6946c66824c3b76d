import { readdir, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { codeOf } from "../../trainer/errors.ts";
import { prefix, readDeed, type Deed } from "./home.ts";
import { recordedDaemons, runningDaemons, runsFor, type Daemon } from "./processes.ts";
import { endControlPlane } from "./removal.ts";

/** A control plane found on this machine. */
export interface Found {
  readonly directory: string;
  readonly deed: Deed;
  readonly daemons: readonly Daemon[];
}

export interface Inventory {
  /** Those that somebody uses, or that `up` started. */
  readonly running: readonly Found[];
  /** Directories that a killed process or a restart of the machine left, ended and removed just now. */
  readonly swept: readonly string[];
}

/** This user's control planes. What killed ones left behind is cleaned up on the way. */
export async function takeInventory(now: Date, below: string = tmpdir()): Promise<Inventory> {
  const running: Found[] = [];
  const swept: string[] = [];
  for (const directory of await directories(below)) {
    const found = await look(directory, now);
    if (found === "leftover") {
      await endControlPlane(directory);
      swept.push(directory);
    } else if (found !== "starting") running.push(found);
  }
  return { running, swept };
}

/** A directory says nothing about itself for the first moments. */
const startMilliseconds = 60_000;

async function look(directory: string, now: Date): Promise<Found | "leftover" | "starting"> {
  const deed = await deedOf(directory);
  if (deed === undefined) return (await age(directory, now)) < startMilliseconds ? "starting" : "leftover";
  const daemons = await runningDaemons(directory);
  const isWhole = daemons.length === (await recordedDaemons(directory)).length;
  const isAlive = deed.kept ? isWhole : await runsFor(directory, deed.keeper);
  return isAlive ? { directory, deed, daemons } : "leftover";
}

async function deedOf(directory: string): Promise<Deed | undefined> {
  try {
    return await readDeed(directory);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

const age = async (directory: string, now: Date): Promise<number> =>
  now.getTime() - (await stat(directory)).mtimeMs;

/** Another user's are not ours to end. */
async function directories(below: string): Promise<string[]> {
  const names = (await readdir(below)).filter((name) => name.startsWith(prefix));
  const all = names.map((name) => path.join(below, name));
  const owners = await Promise.all(all.map(ownerOf));
  return all.filter((_, index) => owners[index] === process.getuid?.());
}

/** Undefined when the directory has gone since it was listed. */
async function ownerOf(directory: string): Promise<number | undefined> {
  try {
    return (await stat(directory)).uid;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
