import type { z } from "zod";

/** The process cannot start with what it was given. One sentence for people, without secrets; exit code 78. */
export class BadConfiguration extends Error {
  override readonly name = "BadConfiguration";
}

/** All that is wrong with a document on one line: where, the value found, what was expected. */
export function whatIsWrong(error: z.ZodError, document: unknown): string {
  return error.issues.map((issue) => oneProblem(issue, document)).join("; ");
}

function oneProblem(issue: z.core.$ZodIssue, document: unknown): string {
  const where = issue.path.map(String).join(".") || "the document";
  const found = foundText(valueAt(document, issue.path), issue.path);
  if (issue.code === "unrecognized_keys" || found === undefined) return `${where}: ${expected(issue)}`;
  return `${where} is ${found}: ${expected(issue)}`;
}

/** A record says of a bad key only that it is one. */
function expected(issue: z.core.$ZodIssue): string {
  if (issue.code !== "invalid_key") return issue.message;
  return issue.issues.map(({ message }) => message).join(", ");
}

const isObject = (value: unknown): value is Readonly<Record<PropertyKey, unknown>> =>
  typeof value === "object" && value !== null;

const valueAt = (document: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    document,
  );

/** Words, names, paths and addresses; a URL with a password has an @. */
const harmless = /^"?[\w.,:/* +-]{0,80}"?$/u;

/** Undefined where nothing was found, and where it must not be repeated. The whole document may be the wrong file: a Secret. */
function foundText(value: unknown, path: readonly PropertyKey[]): string | undefined {
  if (value === undefined || path.includes("env")) return undefined;
  if (Array.isArray(value)) return `a list of ${String(value.length)}`;
  if (isObject(value)) return "an object";
  const text = JSON.stringify(value);
  if (path.length > 0 && harmless.test(text)) return text;
  return `a ${typeof value} of ${String(text.length)} characters`;
}
