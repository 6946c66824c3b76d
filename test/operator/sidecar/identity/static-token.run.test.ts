import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";

import { StaticToken } from "../../../../operator/sidecar/identity/static-token.ts";

const token = "a".repeat(32);
let directory: string;
let file: string;
const warnings: string[] = [];
const open = (): StaticToken => new StaticToken(file, { warn: (message) => void warnings.push(message) });
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "static-token-"));
  file = path.join(directory, "token");
  await writeFile(file, `${token}\n`);
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

describe("StaticToken", () => {
  test("knows its token and no other", async () => {
    await open().check();
    expect(await open().knows(token)).toBe(true);
    for (const other of ["", "a", `${token}a`, token.toUpperCase()])
      expect(await open().knows(other)).toBe(false);
  });

  test("follows the file", async () => {
    const own = open();
    expect(await own.knows(token)).toBe(true);
    await writeFile(file, "b".repeat(40));
    expect(await own.knows(token)).toBe(false);
    expect(await own.knows("b".repeat(40))).toBe(true);
    await writeFile(file, "");
    expect(await own.knows("")).toBe(false);
    await rm(file);
    expect(await own.knows(token)).toBe(false);
    expect(warnings).toEqual(["The static token cannot be read: it is not accepted"]);
  });

  test("a short one or none stops the start", async () => {
    await writeFile(file, "short");
    await expect(open().check()).rejects.toThrow(/has 5 characters; expected 32 at least/u);
    await rm(file);
    await expect(open().check()).rejects.toThrow(/Cannot read STATIC_TOKEN_FILE: ENOENT/u);
  });
});
