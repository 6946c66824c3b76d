import type { FailureReason } from "../../contract/reasons.ts";
import { RunFailure } from "../errors.ts";
import { sqlStateReason, transportReason } from "./failure-reasons.ts";

/** Where a connection goes, as messages may name it, and the words they must not contain. */
export interface Target {
  readonly user: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** The password in every spelling in which it could turn up. */
  readonly secrets: readonly string[];
}

interface Facts {
  readonly text: string;
  readonly code: string | undefined;
  /** Only the server's own errors have one; it tells a SQLSTATE from a system error such as EPIPE. */
  readonly severity: string | undefined;
  readonly stack: string | undefined;
}

const advice: Partial<Record<FailureReason, string>> = {
  AuthenticationFailed: "correct the user and password in DATABASE_URL, or allow this client in pg_hba.conf",
  PermissionDenied: "grant the user what is missing",
  DatabaseUnavailable: "the run can be repeated when the database answers again",
  TlsFailed: "correct sslmode and the CA file, or the server's certificate",
  UnreadableValue: "correct the value in the table, or map another column in the spec",
  BadConfiguration: "correct DATABASE_URL or the names in the spec",
  Bug: "report it with this message",
};

/**
 * Any error of the driver, the server, the socket or TLS, as what it means for the run. `action` completes "Cannot ...".
 * A RunFailure is returned as it is. The cause keeps code, severity and stack, with the password masked; the driver's
 * own error is not kept, for it may carry connection parameters.
 */
export function databaseFailure(action: string, error: unknown, target: Target): RunFailure {
  if (error instanceof RunFailure) return error;
  const facts = readFacts(error, target);
  const reason = facts.severity === undefined ? transportReason(facts) : sqlStateReason(facts.code ?? "");
  const code = facts.code === undefined || facts.text.includes(facts.code) ? "" : ` (${facts.code})`;
  return new RunFailure(
    reason,
    `Cannot ${action} as ${describe(target)}: ${facts.text}${code}; ${advice[reason] ?? "see the cause"}`,
    { cause: sanitized(facts) },
  );
}

/** What was under way when the AbortSignal fired. */
export function stopped(action: string, target: Target): RunFailure {
  return new RunFailure("Terminated", `Cannot ${action} as ${describe(target)}: the run was told to stop`);
}

/** The SQLSTATE or system code of a failure made here. */
export function failureCode(failure: RunFailure): string | undefined {
  return textOf(failure.cause, "code");
}

/** user@host:port/database */
function describe({ user, host, port, database }: Target): string {
  return `${user}@${host.includes(":") ? `[${host}]` : host}:${String(port)}/${database}`;
}

function readFacts(error: unknown, target: Target): Facts {
  const first = firstOf(error);
  const clean = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : masked(text, target);
  return {
    text: oneLine(clean(textOf(first, "message")) ?? "an error without a message"),
    code: clean(textOf(first, "code")),
    severity: clean(textOf(first, "severity")),
    stack: clean(textOf(first, "stack")),
  };
}

/** A name with several addresses fails with one error for each and a message for none. */
function firstOf(error: unknown): unknown {
  const errors: unknown =
    typeof error === "object" && error !== null ? Reflect.get(error, "errors") : undefined;
  return Array.isArray(errors) && errors.length > 0 ? errors[0] : error;
}

function textOf(error: unknown, property: string): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const value: unknown = Reflect.get(error, property);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= 500 ? line : `${line.slice(0, 500)}…`;
}

function masked(text: string, { secrets, user, host, database }: Target): string {
  // A password that is also the user's or the database's name is not made known by naming those.
  const hidden = secrets.filter((secret) => secret !== "" && ![user, host, database].includes(secret));
  return hidden
    .toSorted((a, b) => b.length - a.length)
    .reduce((left, secret) => left.replaceAll(secret, "***"), text);
}

function sanitized({ text, code, severity, stack }: Facts): Error {
  const cause = new Error(text);
  if (stack !== undefined) cause.stack = stack;
  return Object.assign(cause, code !== undefined && { code }, severity !== undefined && { severity });
}
