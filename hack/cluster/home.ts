import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { appendFileSync } from "node:fs";
import { mkdtemp, open, readFile, rename, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { z } from "zod";

import { launchKeeper, type Keeper } from "./keeper.ts";
import { endControlPlane, undoFile } from "./removal.ts";

/** Directories of control planes begin with it, below the system's temporary directory. */
export const prefix = "retrain-cluster-";

/** What a directory says about itself. While `kept` is false the control plane belongs to the process `owner`. */
export const Deed = z.object({
  owner: z.int(),
  keeper: z.int(),
  kept: z.boolean(),
  startedAt: z.iso.datetime(),
});
export type Deed = z.infer<typeof Deed>;

export async function readDeed(directory: string): Promise<Deed> {
  return Deed.parse(JSON.parse(await readFile(path.join(directory, "deed.json"), "utf8")));
}

/** A program that was started in a home. */
export interface Program {
  readonly name: string;
  readonly pid: number;
  /** Its exit code or the signal that ended it; undefined while it runs. */
  ended(): string | undefined;
}

/** The temporary directory of one control plane, and the processes started in it. */
export class Home {
  readonly directory: string;
  readonly #keeper: Keeper;
  readonly #deed: Deed;

  private constructor(directory: string, startedAt: Date) {
    this.directory = directory;
    this.#keeper = launchKeeper(directory);
    const { pid: keeper } = this.#keeper;
    this.#deed = { owner: process.pid, keeper, kept: false, startedAt: startedAt.toISOString() };
  }

  static async make(now: Date, below: string = tmpdir()): Promise<Home> {
    const home = new Home(await mkdtemp(path.join(below, prefix)), now);
    await home.#write(home.#deed);
    return home;
  }

  file(...names: readonly string[]): string {
    return path.join(this.directory, ...names);
  }

  /** Starts a program and writes its id down; what it says goes to `<name>.log`. */
  async launch(name: string, program: string, values: readonly string[]): Promise<Program> {
    await using log = await open(this.file(`${name}.log`), "a");
    const stdio = ["ignore", log.fd, log.fd] as const;
    const child = spawn(program, values, { cwd: "/", stdio: [...stdio], detached: true });
    if (child.pid === undefined) throw await whyNot(child, program);
    this.record(name, child.pid);
    child.unref();
    const ended = () => (child.exitCode ?? child.signalCode ?? undefined)?.toString();
    return { name, pid: child.pid, ended };
  }

  /** Writes the id of a process down that is to end with the others; its command line must name the directory. */
  record(name: string, pid: number): void {
    // At once and not in the next turn: a process killed in between would leave one that nobody knows.
    appendFileSync(this.file("pids"), `${name} ${String(pid)}\n`);
  }

  /** Writes a shell command down that takes back what outlives the processes; to be called before that is done. */
  undoBy(command: string): void {
    appendFileSync(this.file(undoFile), `${command}\n`);
  }

  /** The processes outlive this one, until somebody ends them by the directory. */
  async keep(): Promise<void> {
    await this.#write({ ...this.#deed, kept: true });
    await this.#keeper.dismiss();
  }

  /** Ends every process and removes the directory. */
  async end(): Promise<void> {
    await endControlPlane(this.directory);
    await this.#keeper.dismiss();
  }

  /** Whole or not at all: others read it at any time. */
  async #write(deed: Deed): Promise<void> {
    await writeFile(this.file("deed.json.new"), JSON.stringify(deed));
    await rename(this.file("deed.json.new"), this.file("deed.json"));
  }
}

async function whyNot(child: ChildProcess, program: string): Promise<Error> {
  const [cause] = z.tuple([z.unknown()]).parse(await once(child, "error"));
  return new Error(`Cannot start ${program}`, { cause });
}
