import { inspect } from "node:util";

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { RunFailure } from "../../../trainer/errors.ts";
import { databaseFailure, type Target } from "../../../trainer/extract/failures.ts";

const target: Target = { user: "trainer", host: "db", port: 5432, database: "bikes", secrets: ["s3cret"] };
const server = (code: string, message = "no") =>
  Object.assign(new Error(message), { code, severity: "ERROR" });
const system = (code: string, message = `connect ${code}`) => Object.assign(new Error(message), { code });

const meanings = [
  { error: server("28P01"), reason: "AuthenticationFailed", exitCode: 77 },
  { error: server("28000"), reason: "AuthenticationFailed", exitCode: 77 },
  {
    error: new Error("SASL: client password must be a string"),
    reason: "AuthenticationFailed",
    exitCode: 77,
  },
  { error: server("42501"), reason: "PermissionDenied", exitCode: 77 },
  { error: system("EACCES"), reason: "PermissionDenied", exitCode: 77 },
  { error: server("3D000"), reason: "BadConfiguration", exitCode: 78 },
  { error: server("42P01"), reason: "BadConfiguration", exitCode: 78 },
  { error: server("22023"), reason: "BadConfiguration", exitCode: 78 },
  { error: system("ECONNREFUSED"), reason: "DatabaseUnavailable", exitCode: 75 },
  { error: system("ENOTFOUND"), reason: "DatabaseUnavailable", exitCode: 75 },
  { error: system("ETIMEDOUT"), reason: "DatabaseUnavailable", exitCode: 75 },
  { error: system("ECONNRESET"), reason: "DatabaseUnavailable", exitCode: 75 },
  { error: system("EPIPE"), reason: "DatabaseUnavailable", exitCode: 75 },
  { error: new Error("timeout expired"), reason: "DatabaseUnavailable", exitCode: 75 },
  { error: new Error("Connection terminated unexpectedly"), reason: "DatabaseUnavailable", exitCode: 75 },
  { error: new AggregateError([system("ECONNREFUSED")]), reason: "DatabaseUnavailable", exitCode: 75 },
  { error: server("57P01"), reason: "DatabaseUnavailable", exitCode: 75 },
  { error: server("57P03"), reason: "DatabaseUnavailable", exitCode: 75 },
  { error: server("53300"), reason: "DatabaseUnavailable", exitCode: 75 },
  { error: server("08006"), reason: "DatabaseUnavailable", exitCode: 75 },
  { error: server("40001"), reason: "DatabaseUnavailable", exitCode: 75 },
  { error: server("55P03"), reason: "DatabaseUnavailable", exitCode: 75 },
  { error: server("XX000"), reason: "DatabaseUnavailable", exitCode: 75 },
  { error: server("22003"), reason: "UnreadableValue", exitCode: 65 },
  { error: server("22P02"), reason: "UnreadableValue", exitCode: 65 },
  { error: server("22008"), reason: "UnreadableValue", exitCode: 65 },
  { error: system("DEPTH_ZERO_SELF_SIGNED_CERT"), reason: "TlsFailed", exitCode: 78 },
  { error: system("ERR_TLS_CERT_ALTNAME_INVALID"), reason: "TlsFailed", exitCode: 78 },
  { error: system("ERR_SSL_UNSUPPORTED_PROTOCOL"), reason: "TlsFailed", exitCode: 78 },
  { error: new Error("The server does not support SSL connections"), reason: "TlsFailed", exitCode: 78 },
  { error: new TypeError("x is not a function"), reason: "Bug", exitCode: 70 },
  { error: "thrown text", reason: "Bug", exitCode: 70 },
];

describe("databaseFailure()", () => {
  test.each(meanings)(
    "takes $error.code $error.message for $reason ($exitCode)",
    ({ error, reason, exitCode }) => {
      expect(databaseFailure("read bike_count", error, target)).toMatchObject({ reason, exitCode });
    },
  );

  test("names the action, the target, what the server said and what to do", () => {
    const error = server("28P01", 'password authentication failed for user "trainer"');
    expect(databaseFailure("connect to PostgreSQL", error, target).message).toBe(
      'Cannot connect to PostgreSQL as trainer@db:5432/bikes: password authentication failed for user "trainer" (28P01); ' +
        "correct the user and password in DATABASE_URL, or allow this client in pg_hba.conf",
    );
  });

  test("says what was refused on every address of a name", () => {
    const error = new AggregateError([system("ECONNREFUSED", "connect ECONNREFUSED ::1:5432")]);
    expect(databaseFailure("connect", error, target).message).toContain("connect ECONNREFUSED ::1:5432");
  });

  test("passes a RunFailure on", () => {
    const failure = new RunFailure("UnreadableValue", "row 3");
    expect(databaseFailure("read", failure, target)).toBe(failure);
  });

  test("never contains the password, wherever the driver put it", () => {
    const failureWith = (password: string) => {
      const encoded = encodeURIComponent(password);
      const error = Object.assign(
        new Error(`cannot use ${password}, ${password} or ${password} of u:${encoded}@db`),
        {
          code: "28P01",
          severity: "FATAL",
          detail: `password=${password}`,
          client: { connectionParameters: { password } },
          cause: new Error(password),
        },
      );
      return databaseFailure("connect", error, { ...target, secrets: [password, encoded] });
    };
    const shown = (failure: RunFailure): string =>
      inspect(failure, { depth: 20, showHidden: true }) +
      failure.message +
      JSON.stringify(failure) +
      JSON.stringify(failure.cause);

    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: "grapheme" })), (password) => {
        // Both from one place in the code, for a stack trace has line numbers.
        const [innocent = "", told] = ["\u{1f6b2}", password].map((secret) => shown(failureWith(secret)));
        // "connect" is in every message, so the password "c" is too.
        fc.pre(!innocent.includes(password));
        expect(told).not.toContain(password);
      }),
    );
  });
});
