import { parseArgs } from "node:util";

import { z } from "zod";

import { given } from "../contract/given.ts";
import type { Program } from "./program.ts";

/** What `npm run bench` was asked for. */
export interface Asked {
  readonly benches: readonly AskedBench[];
  /** Where all results go instead of into a file a bench. */
  readonly json?: string;
}

export interface AskedBench {
  readonly name: string;
  readonly program: Program;
  /** Each of the program's options. */
  readonly values: Readonly<Record<string, string>>;
}

/** No name is all of them. Throws an Error for a name or an option that nothing of what is asked for knows. */
export function askedFor(words: readonly string[], programs: ReadonlyMap<string, Program>): Asked {
  const first = words.findIndex((word) => word.startsWith("--"));
  const names = first === -1 ? words : words.slice(0, first);
  const chosen = (names.length === 0 ? [...programs.keys()] : names).map((name) => ({
    name,
    program: known(name, programs),
  }));
  const { json, ...values } = parsed(words.slice(names.length), chosen);
  return {
    benches: chosen.map(({ name, program }) => ({ name, program, values: ofProgram(program, values) })),
    ...given({ json }),
  };
}

function known(name: string, programs: ReadonlyMap<string, Program>): Program {
  const program = programs.get(name);
  if (program !== undefined) return program;
  throw new Error(`There is no bench ${name}: expected one of ${[...programs.keys()].join(", ")}`);
}

type Given = Readonly<Record<string, string>> & { readonly json?: string };

function parsed(words: readonly string[], chosen: readonly { readonly program: Program }[]): Given {
  const names = ["json", ...chosen.flatMap(({ program }) => Object.keys(program.options))];
  const options = Object.fromEntries(names.map((name) => [name, { type: "string" } as const]));
  return z.record(z.string(), z.string()).parse(parseArgs({ args: [...words], options }).values);
}

const ofProgram = ({ options }: Program, values: Given): AskedBench["values"] =>
  Object.fromEntries(
    Object.entries(options).map(([name, { default: usual }]) => [name, values[name] ?? usual]),
  );

/** All benches with what they need and their options. */
export function usageOf(programs: ReadonlyMap<string, Program>): string {
  const described = [...programs].flatMap(([name, { summary, takes, options }]) => [
    `  ${name}: ${summary} (${takes})`,
    ...Object.entries(options).map(
      ([option, { default: usual, meaning }]) => `      --${option} ${quoted(usual)}  ${meaning}`,
    ),
  ]);
  return [
    "Usage: npm run bench -- [NAME…] [--json FILE] [--OPTION VALUE…]",
    "Without a name all of these run, one after the other:",
    ...described,
  ].join("\n");
}

const quoted = (value: string): string => (value === "" ? '""' : value);
