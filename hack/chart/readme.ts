import { parse } from "yaml";
import { z } from "zod";

import { table } from "../docs/fields.ts";

const heading = "## Values";
const told = "Made by `node hack/chart.ts` from `values.yaml`; do not edit.";

/** The README of the chart with its table of values as they are now; what stands above it is kept. */
export function readmeWith(readme: string, values: string): string {
  const [introduction = ""] = readme.split(heading);
  return `${introduction}${heading}\n\n${told}\n\n${table(["value", "default", "meaning"], rowsOf(values))}\n`;
}

/** Path, default and explanation of each value that has one, in the order of the file. */
export function rowsOf(text: string): string[][] {
  const values: unknown = parse(text);
  return explained(text).map(({ path, comment }) => {
    const value = path.reduce<unknown>((inner, name) => fieldOf(inner, name), values);
    const name = path.join(".").replace(".0.", "[].");
    return [`\`${name}\``, isSection(value) ? "" : `\`${JSON.stringify(value)}\``, comment];
  });
}

interface Explained {
  readonly path: readonly string[];
  readonly comment: string;
}

interface Key {
  readonly depth: number;
  readonly name: string;
}

/** Keys with the lines of comment right above them; their indentation says what they are in. */
function explained(text: string): Explained[] {
  const found: Explained[] = [];
  let comment: readonly string[] = [];
  let open: readonly Key[] = [];
  for (const line of text.split("\n")) {
    const keys = keysIn(line);
    const [outermost] = keys;
    if (outermost !== undefined) {
      open = [...open.filter(({ depth }) => depth < outermost.depth), ...keys];
      if (comment.length > 0) found.push({ path: open.map(({ name }) => name), comment: comment.join(" ") });
    }
    comment = line.trim().startsWith("# ") ? [...comment, line.trim().slice(2)] : [];
  }
  return found;
}

/** The key of a line; before it the place in its list where the line begins an element, of which only the first is told. */
function keysIn(line: string): readonly Key[] {
  const [, indent = "", dash = "", name] = /^( *)(- )?([\w./]+):/u.exec(line) ?? [];
  if (name === undefined) return [];
  const key = { depth: indent.length + dash.length, name };
  return dash === "" ? [key] : [{ depth: indent.length, name: "0" }, key];
}

const Fields = z.record(z.string(), z.unknown());
const fieldOf = (value: unknown, name: string): unknown =>
  Array.isArray(value) ? (value as unknown[])[Number(name)] : Fields.parse(value)[name];

/** One whose parts have explanations of their own, or need none. */
const isSection = (value: unknown): boolean =>
  (Array.isArray(value) && Fields.safeParse(value[0]).success) ||
  (Fields.safeParse(value).success && Object.keys(Fields.parse(value)).length > 0);
