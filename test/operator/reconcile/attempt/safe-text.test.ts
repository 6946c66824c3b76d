import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";

import { lastLogLines } from "../../../../operator/reconcile/attempt/log-lines.ts";
import { masked, quoted, shortened } from "../../../../operator/reconcile/attempt/safe-text.ts";

const hiding = [
  ["postgresql://retrain:s3cr3t@db:5432/traffic", "postgresql://retrain:***@db:5432/traffic"],
  ["DATABASE_URL=postgres://u:p@ss/w:rd@db/x failed", "DATABASE_URL=postgres://u:***@db/x failed"],
  ["cut postgres://u:s3cr", "cut postgres://u:***"],
  [
    "proxy http://u:p@proxy:3128 or https://t0ken@host/",
    "proxy http://u:***@proxy:3128 or https://***@host/",
  ],
  ["host=db password=s3cr3t user=u", "host=db password=*** user=u"],
  ["PGPASSWORD: s3cr3t", "PGPASSWORD: ***"],
  ['{"password":"a b","user":"u"} c', '{"password":*** c'],
  ["password='it is' x", "password=*** x"],
  ["Authorization: Basic dXNlcjpwYXNz", "Authorization: Basic ***"],
  ["a bearer abcdefgh.ijk token", "a bearer *** token"],
  ["saw eyJhbGciOiJIUzI1.eyJzdWIi.abc-_1 there", "saw *** there"],
] as const;

describe("masked()", () => {
  test.each(hiding)("%s", (text, left) => {
    expect(masked(text)).toBe(left);
  });

  test.each([
    'secret "retrain-database" not found',
    "couldn't find key DATABASE_URL in Secret default/retrain-database",
    'password authentication failed for user "retrain"',
    "Cannot connect as retrain@db:5432/traffic: timeout",
    "see https://example.com:8443/docs",
  ])("leaves %s", (text) => {
    expect(masked(text)).toBe(text);
  });

  const secret = fc.string({
    unit: fc.constantFrom(...Array.from("aZ09@:/?#%._~-$&+")),
    minLength: 8,
    maxLength: 40,
  });
  const places: readonly ((secret: string) => string)[] = [
    (password) => `postgresql://retrain:${password}@db/traffic`,
    (password) => `Error: connect postgres://u:${password}@db:5432/x?sslmode=require ECONNREFUSED`,
    (password) => `{"level":"error","message":"at postgresql://u:${password}@h/d"}`,
    (password) => `PGPASSWORD=${password} psql`,
    (password) => JSON.stringify({ password }),
    (token) => `authorization: Bearer ${token}`,
  ];

  test("never shows a password or a token, wherever it stands in a log", () => {
    fc.assert(
      fc.property(secret, fc.constantFrom(...places), fc.array(fc.lorem()), (hidden, place, words) => {
        const log = [...words, place(hidden), "end"].join("\n");
        expect(masked(log)).not.toContain(hidden);
        expect(lastLogLines(log)).not.toContain(hidden);
      }),
    );
  });

  test("is done after once", () => {
    fc.assert(
      fc.property(secret, fc.constantFrom(...places), (hidden, place) => {
        const once = masked(place(hidden));
        expect(masked(once)).toBe(once);
      }),
    );
  });
});

test("quoted() is one line without its full stop, shortened() no half character", () => {
  expect(quoted("The node was low.\n Threshold: 1. \n")).toBe("The node was low. Threshold: 1");
  expect(shortened("ab😀cd", 4)).toBe("ab\ufffd…");
  expect(shortened("abcd", 4)).toBe("abcd");
});
