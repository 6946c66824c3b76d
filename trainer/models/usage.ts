import { RunFailure } from "../errors.ts";
import type { SubcommandName } from "./asked.ts";

/** Every subcommand with its words, its options beside --models and --json, and what it does. */
const subcommands = {
  list: { words: "[MODEL]", flags: "", does: "the versions of a model, or the models there are" },
  show: { words: "MODEL [VERSION]", flags: "", does: "where a version came from" },
  diff: { words: "MODEL VERSION [VERSION]", flags: "", does: "two versions side by side" },
  verify: { words: "MODEL [VERSION]", flags: "", does: "compares all files with their manifests" },
  restore: {
    words: "MODEL VERSION",
    flags: "--reason TEXT [--no-hold] [--hold-until DAY] [--by WHO]",
    does: "makes an older version current again, and holds it",
  },
  release: { words: "MODEL", flags: "--reason TEXT [--by WHO]", does: "ends the hold of a restore" },
  pin: { words: "MODEL VERSION", flags: "--reason TEXT [--by WHO]", does: "keeps a version from retention" },
  unpin: { words: "MODEL VERSION", flags: "", does: "takes the pin away" },
  prune: {
    words: "MODEL",
    flags: "[--keep N] [--dry-run]",
    does: "removes all but the newest versions (12)",
  },
  score: {
    words: "MODEL [VERSION[,VERSION]]",
    flags: "[--data DIR|DATABASE_URL] --since DAY --until DAY [--run RUN.yaml]",
    does: "error by counter from a day to the day before another",
  },
} as const satisfies Record<SubcommandName, { words: string; flags: string; does: string }>;

const lineOf = (name: SubcommandName): string =>
  [name, subcommands[name].words, subcommands[name].flags].filter((part) => part !== "").join(" ");

const names = Object.keys(subcommands).join("|");

/** For the one who asks for help. */
export const usage = [
  "npm run models -- SUBCOMMAND [--models DIR] [--json], where SUBCOMMAND is one of",
  ...Object.entries(subcommands).flatMap(([name, { words, flags, does }]) => [
    `  ${`${name} ${words}`.padEnd(36)} ${does}`,
    ...(flags === "" ? [] : [`    ${flags}`]),
  ]),
  "VERSION is a name, current (where none is given) or previous; DAY is such as 2026-12-01.",
].join("\n");

/** A command line that cannot be understood, with the usage of the subcommand or of all, on one line. */
export const refusal = (problem: string, of?: SubcommandName, cause?: unknown): RunFailure =>
  new RunFailure(
    "BadConfiguration",
    `Cannot understand the command line: ${problem}. Usage: npm run models -- ` +
      `${of === undefined ? `${names} MODEL [VERSION]` : lineOf(of)} [--models DIR] [--json]`,
    { cause },
  );

/** The subcommand's name, when the number of its words and its options fit. Throws BadConfiguration with the usage. */
export function subcommandName(
  name: string | undefined,
  words: readonly string[],
  flags: readonly string[],
): SubcommandName {
  if (name === undefined) throw refusal("expected a subcommand");
  if (!isSubcommand(name)) throw refusal(`there is no subcommand ${JSON.stringify(name)}`);
  const own = subcommands[name];
  const expected = own.words.split(" ");
  const fewest = expected.filter((word) => !word.startsWith("[")).length;
  if (words.length < fewest || words.length > expected.length) {
    throw refusal(`${name} expects ${own.words}, got ${words.join(" ") || "nothing"}`, name);
  }
  const foreign = flags.find((flag) => !own.flags.includes(`--${flag}`));
  if (foreign !== undefined) throw refusal(`${name} does not take --${foreign}`, name);
  return name;
}

const isSubcommand = (name: string): name is SubcommandName => Object.hasOwn(subcommands, name);
