import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";

import { findInterpreter } from "../../hack/interop/interpreter.ts";

let home: string;
let bin: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), "interpreter-"));
  bin = path.join(home, "bin");
});
afterEach(async () => {
  await rm(home, { recursive: true });
});

/** A fake, for a machine has only the Pythons it has: it answers as one that is asked for its version. */
async function pythonAt(file: string, answer: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${answer}\n`, { mode: 0o755 });
  return file;
}
const onPath = (name: string, answer: string): Promise<string> => pythonAt(path.join(bin, name), answer);
const inPyenv = (version: string, answer: string): Promise<string> =>
  pythonAt(path.join(home, ".pyenv", "versions", version, "bin", "python"), answer);

describe("findInterpreter()", () => {
  test("takes the oldest fitting version of the PATH", async () => {
    await onPath("python3", "echo 3.13");
    await onPath("python3.13", "echo 3.13");
    await onPath("python3.12", "echo 3.12");
    expect(findInterpreter({ PATH: bin }, home)).toEqual({ command: "python3.12", version: "3.12" });
  });

  test("passes over a shim of pyenv that leads nowhere, and finds what pyenv has", async () => {
    await onPath("python3.12", "echo 'pyenv: python3.12: command not found' >&2; exit 127");
    await onPath("python3", "echo 3.11");
    await inPyenv("3.11.7", "echo 3.11");
    const command = await inPyenv("3.12.1", "echo 3.12");
    expect(findInterpreter({ PATH: bin }, home)).toEqual({ command, version: "3.12" });
  });

  test("takes the one in PYTHON or none", async () => {
    await onPath("python3.12", "echo 3.12");
    const command = await onPath("mine", "echo 3.13");
    expect(findInterpreter({ PATH: bin, PYTHON: command }, home)).toEqual({ command, version: "3.13" });
    const old = await onPath("old", "echo 3.9");
    expect(() => findInterpreter({ PATH: bin, PYTHON: old }, home)).toThrow(`but ${old} is 3.9; install one`);
  });

  test("says what it found instead, and how to get on", () => {
    expect(() => findInterpreter({ PATH: bin }, home)).toThrow(
      "it needs Python 3.12 or 3.13 with venv and ensurepip, but python3.12 is not usable, python3.13 is not usable, " +
        "python3 is not usable; install one, or name one in PYTHON",
    );
  });
});
