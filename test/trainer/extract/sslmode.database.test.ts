import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { startPostgres, type EmbeddedPostgres } from "../../../trainer/demo/postgres.ts";
import type { RunFailure } from "../../../trainer/errors.ts";
import { openDatabase } from "../../../trainer/extract/connection.ts";
import { parseDatabaseUrl } from "../../../trainer/extract/database-url.ts";
import { encryptionsToTry } from "../../../trainer/extract/sslmode.ts";
import { makeCertificates, type Certificates } from "./certificates.ts";

/** `guarded` takes encrypted connections only, as managed databases do. */
const accessRules = `hostnossl guarded all all reject\nhost all all all scram-sha-256\n`;

const cleanup = new AsyncDisposableStack();
let certificates: Certificates;
let plain: EmbeddedPostgres;
let encrypting: EmbeddedPostgres;

beforeAll(async () => {
  certificates = cleanup.use(await makeCertificates("localhost"));
  const rules = await mkdtemp(join(tmpdir(), "rules-"));
  cleanup.defer(() => rm(rules, { recursive: true, force: true }));
  await chmod(rules, 0o755);
  await writeFile(join(rules, "pg_hba.conf"), accessRules, { mode: 0o644 });

  plain = cleanup.use(await startPostgres());
  const settings = { hba_file: join(rules, "pg_hba.conf") };
  encrypting = cleanup.use(await startPostgres({ tls: certificates, settings }));
  await using db = await openDatabase({ url: encrypting.url, applicationName: "test" });
  await db.query("create a database", "create database guarded");
}, 60_000);
afterAll(() => cleanup.disposeAsync());

type Given = "plain server" | "no CA" | "its CA" | "a stranger's CA" | "another host name";
interface Place {
  readonly url: string;
  readonly caFile?: string;
}

/** The certificate names localhost; the address 127.0.0.1 is another host name. */
function place(given: Given): Place {
  const named = encrypting.url.replace("127.0.0.1", "localhost");
  const { caFile, strangerFile } = certificates;
  const places: Record<Given, Place> = {
    "plain server": { url: plain.url, caFile },
    "no CA": { url: named },
    "its CA": { url: named, caFile },
    "a stranger's CA": { url: named, caFile: strangerFile },
    "another host name": { url: encrypting.url, caFile },
  };
  return places[given];
}

/** "tls" or "plain" as the server sees it, or the reason of the failure. */
async function outcome(url: string, caFile?: string): Promise<string> {
  try {
    await using db = await openDatabase({ url, caFile, applicationName: "test" });
    const [seen] = await db.query("ask", "select ssl from pg_stat_ssl where pid = pg_backend_pid()");
    expect(seen).toEqual({ ssl: db.isEncrypted });
    return db.isEncrypted ? "tls" : "plain";
  } catch (error) {
    return (error as RunFailure).reason;
  }
}

const outcomes = [
  { mode: "disable", given: "plain server", ends: "plain" },
  { mode: "disable", given: "no CA", ends: "plain" },
  { mode: "disable", given: "its CA", ends: "plain" },
  { mode: "disable", given: "a stranger's CA", ends: "plain" },
  { mode: "disable", given: "another host name", ends: "plain" },
  { mode: "allow", given: "plain server", ends: "plain" },
  { mode: "allow", given: "no CA", ends: "plain" },
  { mode: "allow", given: "its CA", ends: "plain" },
  { mode: "allow", given: "a stranger's CA", ends: "plain" },
  { mode: "allow", given: "another host name", ends: "plain" },
  { mode: "prefer", given: "plain server", ends: "plain" },
  { mode: "prefer", given: "no CA", ends: "tls" },
  { mode: "prefer", given: "its CA", ends: "tls" },
  { mode: "prefer", given: "a stranger's CA", ends: "plain" },
  { mode: "prefer", given: "another host name", ends: "tls" },
  { mode: "require", given: "plain server", ends: "TlsFailed" },
  { mode: "require", given: "no CA", ends: "tls" },
  { mode: "require", given: "its CA", ends: "tls" },
  { mode: "require", given: "a stranger's CA", ends: "TlsFailed" },
  { mode: "require", given: "another host name", ends: "tls" },
  { mode: "verify-ca", given: "plain server", ends: "TlsFailed" },
  { mode: "verify-ca", given: "no CA", ends: "BadConfiguration" },
  { mode: "verify-ca", given: "its CA", ends: "tls" },
  { mode: "verify-ca", given: "a stranger's CA", ends: "TlsFailed" },
  { mode: "verify-ca", given: "another host name", ends: "tls" },
  { mode: "verify-full", given: "plain server", ends: "TlsFailed" },
  { mode: "verify-full", given: "no CA", ends: "TlsFailed" },
  { mode: "verify-full", given: "its CA", ends: "tls" },
  { mode: "verify-full", given: "a stranger's CA", ends: "TlsFailed" },
  { mode: "verify-full", given: "another host name", ends: "TlsFailed" },
] as const;

describe("sslmode", () => {
  test.each(outcomes)("$mode with $given ends in $ends", async ({ mode, given, ends }) => {
    const { url, caFile } = place(given);
    expect(await outcome(`${url}?sslmode=${mode}`, caFile)).toBe(ends);
  });

  test.each([
    { mode: "disable", ends: "AuthenticationFailed" },
    { mode: "allow", ends: "tls" },
    { mode: "prefer", ends: "tls" },
  ])("$mode ends in $ends where the server takes encrypted connections only", async ({ mode, ends }) => {
    const url = `${encrypting.url.replace(/postgres$/, "guarded")}?sslmode=${mode}`;
    expect(await outcome(url)).toBe(ends);
  });

  test("tells both failures where the certificate and then the lack of encryption were refused", async () => {
    const url = encrypting.url.replace(/postgres$/, "guarded");
    const opened = openDatabase({ url, caFile: certificates.strangerFile, applicationName: "test" });
    await expect(opened).rejects.toMatchObject({
      reason: "AuthenticationFailed",
      message: expect.stringMatching(/no encryption.*The other way failed as well:.*certificate/s),
    });
  });

  test("is prefer without one", async () => {
    expect([await outcome(encrypting.url), await outcome(plain.url)]).toEqual(["tls", "plain"]);
  });

  test("takes the CA file from the URL", async () => {
    const query = (file: string) => `?sslmode=require&sslrootcert=${encodeURIComponent(file)}`;
    expect(await outcome(encrypting.url + query(certificates.caFile))).toBe("tls");
    expect(await outcome(encrypting.url + query(certificates.strangerFile))).toBe("TlsFailed");
  });

  test("lets an encrypted connection be stopped", async () => {
    const controller = new AbortController();
    const { url, caFile } = place("its CA");
    const options = {
      url: `${url}?sslmode=verify-full`,
      caFile,
      applicationName: "test",
      signal: controller.signal,
    };
    await using db = await openDatabase(options);
    const sleeping = db.query("sleep", "select pg_sleep(600)");
    setImmediate(() => {
      controller.abort();
    });
    await expect(sleeping).rejects.toMatchObject({ reason: "Terminated" });
  });

  test("starts with TLS at once when sslnegotiation is direct", async () => {
    expect(await outcome(`${encrypting.url}?sslmode=require&sslnegotiation=direct`)).toBe("tls");
  });
});

describe("encryptionsToTry()", () => {
  const tried = (query: string, caFile?: string) =>
    encryptionsToTry(parseDatabaseUrl(`postgres://u@db/bikes?${query}`), caFile);

  test.each(["sslmode=require", "sslmode=prefer", "sslmode=verify-full", "ssl=true"])(
    "never goes below TLS 1.2 with %s",
    async (query) => {
      expect((await tried(query))[0]).toMatchObject({ minVersion: "TLSv1.2" });
    },
  );

  test("does not encrypt a Unix socket", async () => {
    expect(await tried("host=/run/postgresql&sslmode=verify-full")).toEqual([false]);
  });

  test("verifies everything with the system's authorities", async () => {
    const expected = { minVersion: "TLSv1.2", host: "db", rejectUnauthorized: true };
    expect(await tried("sslrootcert=system")).toEqual([expected]);
  });

  test.each([
    { query: "sslmode=verify_full", says: 'its sslmode is "verify_full"; use one of disable, allow' },
    { query: "sslmode=require&sslrootcert=system", says: "only safe with sslmode=verify-full" },
    { query: "sslmode=verify-ca", says: "needs a CA file" },
    { query: "sslmode=require&sslrootcert=/nowhere/ca.crt", says: "Cannot read /nowhere/ca.crt" },
    { query: "sslmode=require&sslkey=/nowhere/client.key", says: "Cannot read /nowhere/client.key" },
  ])("refuses $query", async ({ query, says }) => {
    await expect(tried(query)).rejects.toMatchObject({
      reason: "BadConfiguration",
      message: expect.stringContaining(says),
    });
  });

  test("refuses a CA file without a certificate", async () => {
    await expect(tried("sslmode=require", certificates.notPemFile)).rejects.toThrow("holds no certificate");
  });
});
