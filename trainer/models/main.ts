import { readConfig } from "../config.ts";
import { RunFailure } from "../errors.ts";
import { currentUser } from "../run-file.ts";
import { setOpenMpVariables, trainingThreads } from "../xgboost/threads.ts";
import { printed, type Answer, type Surroundings } from "./answer.ts";
import type { Asked, Subcommand, SubcommandName } from "./asked.ts";
import { diff } from "./diff.ts";
import { list } from "./list.ts";
import { modelsOptions } from "./options.ts";
import { pin } from "./pin.ts";
import { prune } from "./prune.ts";
import { release } from "./release.ts";
import { restore } from "./restore.ts";
import { show } from "./show.ts";
import { unpin } from "./unpin.ts";
import { usage } from "./usage.ts";
import { verify } from "./verify.ts";

/** `npm run models`: what is published, where it came from, going back. */
async function models(args: readonly string[]): Promise<number> {
  if (args.includes("--help")) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const { subcommand, modelsDir, json } = modelsOptions(args);
  const answer = await answerTo(subcommand, surroundings(modelsDir));
  process.stdout.write(await printed(answer, json));
  return answer.exitCode;
}

type Does<Name extends SubcommandName> = (around: Surroundings, asked: Asked[Name]) => Promise<Answer>;
const subcommands: { readonly [Name in SubcommandName]: Does<Name> } = {
  list,
  show,
  diff,
  verify,
  restore,
  release,
  pin,
  unpin,
  prune,
  // It alone needs the database and the library, which take a while to load.
  score: async (around, asked) => (await import("./score.ts")).score(around, asked),
};

const answerTo = <Name extends SubcommandName>(
  { name, asked }: Subcommand<Name>,
  around: Surroundings,
): Promise<Answer> => subcommands[name](around, asked);

const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`);

function surroundings(modelsDir: string | undefined): Surroundings {
  const config = readConfig(process.env, false);
  const threads = trainingThreads();
  setOpenMpVariables(process.env, threads);
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      stop.abort(new RunFailure("Terminated", "Stopped on request."));
    });
  }
  return {
    modelsDir: modelsDir ?? config.modelsDir,
    config,
    threads,
    say,
    clock: () => new Date(),
    signal: stop.signal,
    who: currentUser(),
  };
}

try {
  process.exitCode = await models(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof RunFailure)) throw error;
  say(error.message);
  process.exitCode = error.exitCode;
}
