import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { parseDatabaseUrl } from "../../../trainer/extract/database-url.ts";

const plain = { user: "u", password: "p", host: "db", port: 5432, database: "bikes" };

const readable = [
  { says: "the ordinary form", url: "postgresql://u:p@db:5432/bikes", parts: plain },
  { says: "the short scheme and the newline of a Secret", url: "postgres://u:p@db/bikes\n", parts: plain },
  { says: "no password", url: "postgres://u@db/bikes", parts: { ...plain, password: undefined } },
  { says: "the user's name as database", url: "postgres://u:p@db", parts: { ...plain, database: "u" } },
  { says: "the own machine as host", url: "postgres://u:p@/bikes", parts: { ...plain, host: "localhost" } },
  { says: "IPv6", url: "postgres://u:p@[::1]:6/bikes", parts: { ...plain, host: "::1", port: 6 } },
  {
    says: "a socket in the query",
    url: "postgres://u:p@/bikes?host=/run/pg",
    parts: { ...plain, host: "/run/pg" },
  },
  {
    says: "a socket as host",
    url: "postgres://u:p@%2Frun%2Fpg/bikes",
    parts: { ...plain, host: "/run/pg" },
  },
  {
    says: "percent-encoding",
    url: "postgres://a%40b:%2F%3f@db/b%20s",
    parts: { ...plain, user: "a@b", password: "/?", database: "b s" },
  },
  {
    says: "#, + and : in a password",
    url: "postgres://u:#a+b:c@db/bikes",
    parts: { ...plain, password: "#a+b:c" },
  },
  {
    says: "the query over the parts",
    url: "postgres://x:y@z:1/w?user=u&password=p&host=db&port=5432&dbname=bikes",
    parts: plain,
  },
];

const malformed = [
  { url: "", says: "does not start with postgresql://" },
  { url: "host=db password=hunter2", says: "does not start with postgresql://" },
  { url: "mysql://u:hunter2@db/bikes", says: "does not start with postgresql://" },
  { url: "postgres://u:hunter2@a@db/bikes", says: "must be percent-encoded" },
  { url: "postgres://u:hunter2/a@db/bikes", says: "must be percent-encoded" },
  { url: "postgres://u:1/hunter2@db/bikes", says: "must be percent-encoded" },
  { url: "postgres://u:1/?hunter2@db/bikes", says: "must be percent-encoded" },
  { url: "postgres://u:hunter2%@db/bikes", says: "percent sign" },
  { url: "postgres://u:hunter2%ff@db/bikes", says: "percent sign" },
  { url: "postgres://u:hunter2%00@db/bikes", says: "percent sign" },
  { url: "postgres://:hunter2@db/bikes", says: "no user name" },
  { url: "postgres://u:hunter2@a,b/bikes", says: "several hosts" },
  { url: "postgres://u@db:hunter2/bikes", says: "port" },
  { url: "postgres://u:hunter2@db:70000/bikes", says: "port" },
];

describe("parseDatabaseUrl()", () => {
  test.each(readable)("reads $says", ({ url, parts }) => {
    expect(parseDatabaseUrl(url)).toMatchObject(parts);
  });

  test("keeps parameters it does not know", () => {
    const { parameters } = parseDatabaseUrl(
      "postgres://u@db/bikes?sslmode=require&some%20thing=a%3Db=c&empty",
    );
    expect([...parameters]).toEqual([
      ["sslmode", "require"],
      ["some thing", "a=b=c"],
      ["empty", ""],
    ]);
  });

  test.each(malformed)("refuses $url and says '$says' without repeating it", ({ url, says }) => {
    const failure = thrownBy(() => parseDatabaseUrl(url));
    expect(failure).toMatchObject({ name: "RunFailure", reason: "BadConfiguration" });
    expect(String(failure)).toContain(says);
    expect(String(failure)).not.toContain("hunter2");
  });

  test("takes any password that is percent-encoded, in either place", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (password) => {
        fc.pre(!password.includes("\0"));
        const encoded = encodeURIComponent(password);
        expect(parseDatabaseUrl(`postgres://u:${encoded}@db/bikes`).password).toBe(password);
        expect(parseDatabaseUrl(`postgres://u@db/bikes?password=${encoded}`).password).toBe(password);
      }),
    );
  });
});

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
