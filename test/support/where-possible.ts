import { spawnSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { describe } from "@jest/globals";

const succeeds = (command: string, ...values: string[]): boolean => spawnSync(command, values).status === 0;

export const isRoot = process.getuid?.() === 0;

/** Whether this user may mount a file system of its own, found by doing it. */
export function mayMount(): boolean {
  const directory = mkdtempSync(path.join(tmpdir(), "may-mount-"));
  const may = succeeds("mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", directory);
  if (may) spawnSync("umount", [directory]);
  rmdirSync(directory);
  return may;
}

/** Whether root can start this Node as another user, who may not reach the checkout. */
export const mayRunAs = (user: { readonly uid: number; readonly gid: number }): boolean =>
  isRoot && spawnSync(process.execPath, ["--version"], user).status === 0;

/**
 * A describe() for tests that need a right of the machine. Without it they count as skipped, one line says what was
 * not run and what it needs, and with CI=true the file fails.
 */
export function describeWhere(possible: boolean, name: string, needs: string, tests: () => void): void {
  if (!possible) {
    const sentence = `Not run: ${name}; it needs ${needs}`;
    if (process.env["CI"] === "true") throw new Error(sentence);
    process.stderr.write(`${sentence}\n`);
  }
  const block = possible ? describe : describe.skip;
  block(name, tests);
}
