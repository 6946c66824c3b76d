import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import path from "node:path";

import { codeOf } from "../../trainer/errors.ts";

/** Directories that are made once, whole or not at all, and dropped when nobody has asked for them for a month. */
export class DirectoryCache {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** The directory of that name; `make` fills it when there is none yet. */
  async get(name: string, make: (directory: string) => Promise<void>): Promise<string> {
    const goal = path.join(this.#root, name);
    if (!existsSync(goal)) await this.#make(goal, make);
    const now = new Date();
    await utimes(goal, now, now);
    return goal;
  }

  /** Removes what was not asked for since a month before `now`, unfinished ones too. */
  async prune(now: Date): Promise<void> {
    await mkdir(this.#root, { recursive: true });
    for (const name of await readdir(this.#root)) {
      const directory = path.join(this.#root, name);
      const age = now.getTime() - (await stat(directory)).mtimeMs;
      if (age > keptMilliseconds) await rm(directory, { recursive: true, force: true });
    }
  }

  /** Beside its goal and then renamed: another process may be making the same. */
  async #make(goal: string, make: (directory: string) => Promise<void>): Promise<void> {
    await mkdir(this.#root, { recursive: true });
    const work = await mkdtemp(path.join(this.#root, ".unfinished-"));
    try {
      await make(work);
      await rename(work, goal);
    } catch (error) {
      if (codeOf(error) !== "ENOTEMPTY" && codeOf(error) !== "EEXIST") throw error; // Another one came first.
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }
}

const keptMilliseconds = 30 * 24 * 3_600_000;
