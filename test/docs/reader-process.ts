import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";

import { z } from "zod";

import type { Observation } from "../../docs/examples/reader.ts";
import type { InteropPython } from "../../hack/interop.ts";

const Answer = z.strictObject({ version: z.string(), prediction: z.int().nullable() });
export type Answer = z.infer<typeof Answer>;

/** One of the programs of docs/examples; with its block it is ended. */
export interface RunningReader extends AsyncDisposable {
  readonly ask: (observations: readonly Observation[]) => Promise<readonly Answer[]>;
  /** What it has said on stderr. */
  readonly said: () => string;
}

export interface Program {
  readonly command: string;
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
}

const examples = path.join(import.meta.dirname, "..", "..", "docs", "examples");

export const typescriptReader = (library: string): Program => ({
  command: process.execPath,
  file: "reader.ts",
  env: { XGBOOST_LIBRARY: library },
});

export const pythonReader = ({ command, packages }: InteropPython): Program => ({
  command,
  file: "reader.py",
  env: { PYTHONPATH: packages, PYTHONNOUSERSITE: "1", PYTHONDONTWRITEBYTECODE: "1", OMP_NUM_THREADS: "1" },
});

/** Starts a reader of the model's directory; it answers when it has read its first version. */
export function startReader({ command, file, env }: Program, modelDirectory: string): RunningReader {
  const child = spawn(command, [path.join(examples, file), modelDirectory], {
    env: { ...process.env, ...env },
    stdio: "pipe",
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const closed = once(child, "close");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<Answer> => {
    const line = await lines.next();
    if (line.done === true) throw new Error(`${file} has ended: ${stderr}`);
    return Answer.parse(JSON.parse(line.value));
  };
  return {
    ask: async (observations) => {
      child.stdin.write(observations.map((each) => `${JSON.stringify(each)}\n`).join(""));
      const answers: Answer[] = [];
      while (answers.length < observations.length) answers.push(await answer());
      return answers;
    },
    said: () => stderr,
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      await closed;
    },
  };
}
