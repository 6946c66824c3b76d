import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { text } from "node:stream/consumers";

import { z } from "zod";

import type { TrainerReport } from "../../contract/trainer-report.ts";

/** What limits the page's program; a test may give its own program. */
export interface RenderOptions {
  readonly signal?: AbortSignal;
  readonly seconds?: number;
  readonly program?: string;
}

/** Little room for short-lived objects: a quarter less memory in the same time. */
const nodeFlags = ["--max-semi-space-size=2"];
const Exit = z.tuple([z.int().nullable(), z.string().nullable()]);

/**
 * The page of a report, made by a program of its own, which is killed after 60 s or when `signal` says so: a run must never
 * wait for its page. Throws an Error whose message is one sentence.
 */
export async function renderPage(
  report: TrainerReport,
  { signal, seconds = 60, program = path.join(import.meta.dirname, "main.ts") }: RenderOptions = {},
): Promise<string> {
  const deadline = AbortSignal.timeout(seconds * 1000);
  const stop = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
  try {
    stop.throwIfAborted();
    const child = spawn(process.execPath, [...nodeFlags, program], {
      stdio: "pipe",
      env: environment(process.env),
      signal: stop,
      killSignal: "SIGKILL",
    });
    return await pageOf(child, report);
  } catch (error) {
    const why = deadline.aborted ? `it took longer than ${String(seconds)} s` : reasonOf(stop, error);
    throw new Error(`Cannot make report.html: ${why}`, { cause: error });
  }
}

/** The page needs no secrets, so its program gets none. */
function environment({ NODE_COMPILE_CACHE }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };
}

const reasonOf = (stop: AbortSignal, error: unknown): string => {
  if (stop.aborted) return "the run was told to stop";
  return Error.isError(error) ? error.message : String(error);
};

async function pageOf(child: ChildProcessWithoutNullStreams, report: TrainerReport): Promise<string> {
  child.stdin.on("error", () => undefined); // A program that ends early says why by its exit code.
  child.stdin.end(JSON.stringify(report));
  const [page, complaint, exit] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  const [code, killedBy] = Exit.parse(exit);
  if (code !== 0) {
    const end =
      code === null ? `was ended by ${killedBy ?? "a signal"}` : `ended with exit code ${String(code)}`;
    throw new Error(`its program ${end}: ${complaint.trim().slice(0, 500)}`);
  }
  return page;
}
