import { parseArgs } from "node:util";

import { DayText } from "../../contract/spec/words.ts";
import { dayOf, plusDays, type Day } from "../days.ts";
import type { Asked, Subcommand, SubcommandName } from "./asked.ts";
import { refusal, subcommandName } from "./usage.ts";

export interface ModelsOptions {
  readonly subcommand: Subcommand;
  /** The volume; undefined for the usual one. */
  readonly modelsDir: string | undefined;
  readonly json: boolean;
}

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const flags = {
  models: text,
  json: flag,
  reason: text,
  by: text,
  "no-hold": flag,
  "hold-until": text,
  keep: text,
  "dry-run": flag,
  data: text,
  since: text,
  until: text,
  run: text,
} as const;

/** The command line after `models`. Throws BadConfiguration with the usage. */
export function modelsOptions(args: readonly string[]): ModelsOptions {
  const { values, positionals } = parsed(args);
  const { models: modelsDir, json = false, ...rest } = values;
  const [first, ...words] = positionals;
  const name = subcommandName(first, words, Object.keys(rest));
  return { subcommand: subcommandOf(name, words, rest), modelsDir, json };
}

const subcommandOf = <Name extends SubcommandName>(
  name: Name,
  words: readonly string[],
  values: Values,
): Subcommand<Name> => ({ name, asked: readers[name](words, values) });

type Values = Omit<ReturnType<typeof parsed>["values"], "models" | "json">;
type Reader<Name extends SubcommandName> = (words: readonly string[], values: Values) => Asked[Name];

/** Words that must be there are: `subcommandName` has counted them. */
const readers: { readonly [Name in SubcommandName]: Reader<Name> } = {
  list: ([model]) => ({ model }),
  show: ([model = "", version = "current"]) => ({ model, version }),
  diff: ([model = "", a = "", b = "current"]) => ({ model, a, b }),
  verify: ([model = "", version]) => ({ model, version }),
  restore: ([model = "", version = ""], values) => ({
    model,
    version,
    ...recorded("restore", values),
    hold: holdOf(values),
  }),
  release: ([model = ""], values) => ({ model, ...recorded("release", values) }),
  pin: ([model = "", version = ""], values) => ({ model, version, ...recorded("pin", values) }),
  unpin: ([model = "", version = ""]) => ({ model, version }),
  prune: ([model = ""], { keep = "12", "dry-run": dryRun = false }) => ({
    model,
    keep: wholeNumber("prune", "--keep", keep),
    dryRun,
  }),
  score: ([model = "", versions = "current"], values) => ({
    model,
    versions: versionsOf(versions),
    data: values.data,
    ...spanOf(values),
    run: values.run,
  }),
};

const recorded = (of: SubcommandName, { reason, by }: Values) => ({
  reason: required(of, "--reason", reason),
  by,
});

function holdOf(values: Values): Asked["restore"]["hold"] {
  const { "no-hold": noHold = false, "hold-until": last } = values;
  if (noHold && last !== undefined)
    throw refusal("--no-hold and --hold-until contradict each other", "restore");
  if (noHold) return undefined;
  return { until: last === undefined ? undefined : plusDays(day("restore", "--hold-until", last), 1) };
}

function spanOf(values: Values): Pick<Asked["score"], "since" | "until"> {
  const since = day("score", "--since", values.since);
  const until = day("score", "--until", values.until);
  if (since < until) return { since, until };
  const found = `--since ${values.since ?? ""} is not before --until ${values.until ?? ""}`;
  throw refusal(`${found}, which is the day after the last one`, "score");
}

function versionsOf(words: string): Asked["score"]["versions"] {
  const [first = "", second, ...more] = words.split(",");
  if (first !== "" && second !== "" && more.length === 0)
    return second === undefined ? [first] : [first, second];
  throw refusal(`score compares one version or two, got ${words}`, "score");
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags, allowPositionals: true });
  } catch (cause) {
    throw refusal(cause instanceof Error ? cause.message : String(cause), undefined, cause);
  }
}

function required(of: SubcommandName, name: string, value: string | undefined): string {
  if (value !== undefined && value.trim() !== "") return value;
  throw refusal(`${name} is missing`, of);
}

function day(of: SubcommandName, name: string, value: string | undefined): Day {
  const given = required(of, name, value);
  if (DayText.safeParse(given).success) return dayOf(given);
  throw refusal(`${name} is ${given}, expected a day such as 2026-12-01`, of);
}

function wholeNumber(of: SubcommandName, name: string, value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number > 0) return number;
  throw refusal(`${name} is ${value}, expected a whole number above 0`, of);
}
