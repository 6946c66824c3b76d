import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, lstatSync, readFileSync, readdirSync, statSync } from "node:fs";
import { chmod, cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";

import { describe, expect, jest, test } from "@jest/globals";
import pgPromise from "pg-promise";
import { z } from "zod";

import { startPostgres } from "../../../trainer/demo/postgres.ts";
import { createCluster } from "../../../trainer/demo/postgres/cluster.ts";
import { makeHome } from "../../../trainer/demo/postgres/home.ts";
import { launch } from "../../../trainer/demo/postgres/keeper.ts";
import { installedNative } from "../../../trainer/demo/postgres/native.ts";
import { untilReady } from "../../../trainer/demo/postgres/readiness.ts";
import { nobody } from "../../../trainer/demo/postgres/server-user.ts";
import { describeWhere, isRoot, mayRunAs } from "../../support/where-possible.ts";

jest.setTimeout(120_000);
const NOBODY = { uid: 65534, gid: 65534 };
const pgp = pgPromise({ noWarnings: true });

/** Runs one query on a connection of its own. */
async function ask<T>(url: string, query: string, ssl: boolean | { ca: string } = false): Promise<T> {
  const db = pgp({ connectionString: url, ssl, max: 1 });
  // end() resolves before the socket is closed: a server that is told to end at once may still break it.
  db.$pool.on("error", () => undefined);
  try {
    return await db.one<T>(query);
  } finally {
    await db.$pool.end();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits as long as it takes; the test's own time limit is the end of patience. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await setTimeout(20);
}

const Printed = z.object({
  uid: z.number(),
  pid: z.number(),
  dataDir: z.string(),
  url: z.string(),
  version: z.string(),
  stopCommand: z.string().optional(),
});

/** Starts start-server.ts and returns what it printed. */
async function serverProcess(what: "stop" | "keep" | "wait", ids: { uid?: number; gid?: number } = {}) {
  const script = join(import.meta.dirname, "start-server.ts");
  const child = spawn(process.execPath, [script, what], { ...ids, stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  for await (const line of createInterface(child.stdout)) {
    return { child, ended, printed: Printed.parse(JSON.parse(line)) };
  }
  throw new Error("start-server.ts ended without a line");
}

async function temporaryDirectory(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "retrain-test-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

describe("startPostgres()", () => {
  test("answers on 127.0.0.1 only, with the settings asked for, in C.UTF-8", async () => {
    await using server = await startPostgres({ settings: { work_mem: "5MB", application_name: "it's" } });
    expect(server.url).toContain(`@127.0.0.1:${String(server.port)}/`);
    expect(
      await ask(
        server.url,
        `SELECT current_setting('listen_addresses') AS listens, current_setting('unix_socket_directories') AS sockets,
          current_setting('work_mem') AS memory, current_setting('application_name') AS name,
          (SELECT datlocale FROM pg_database WHERE datname = current_database()) AS locale`,
      ),
    ).toEqual({ listens: "127.0.0.1", sockets: "", memory: "5MB", name: "it's", locale: "C.UTF-8" });
  });

  test("refuses a wrong password and a connection without one", async () => {
    await using server = await startPostgres();
    const wrong = new URL(server.url);
    wrong.password = "wrong";
    await expect(ask(wrong.href, "SELECT 1")).rejects.toMatchObject({ code: "28P01" });
    wrong.password = "";
    await expect(ask(wrong.href, "SELECT 1")).rejects.toThrow(/password/);
  });

  test("stop() leaves no process and no directory, even with open connections, and may be repeated", async () => {
    const server = await startPostgres();
    const db = pgp(server.url);
    await db.one("SELECT 1 AS one");
    const answer = Promise.allSettled([db.any("SELECT pg_sleep(600)")]);
    await server.stop();
    expect(await answer).toEqual([
      { status: "rejected", reason: expect.objectContaining({ code: "57P01" }) },
    ]);
    expect(isAlive(server.pid)).toBe(false);
    expect(existsSync(dirname(server.dataDir))).toBe(false);
    await server.stop();
    await db.$pool.end();
  });

  test("keeps a data directory that was named, and refuses one that is not empty", async () => {
    await using directory = await temporaryDirectory();
    // Root's server runs as nobody, who must be able to reach its directory.
    await chmod(directory.path, 0o755);
    const dataDir = join(directory.path, "db");
    {
      await using server = await startPostgres({ dataDir });
      expect(server.dataDir).toBe(dataDir);
    }
    expect(existsSync(join(dataDir, "PG_VERSION"))).toBe(true);
    const again = startPostgres({ dataDir });
    await expect(again).rejects.toMatchObject({
      reason: "BadConfiguration",
      message: expect.stringContaining("is not empty; name an empty or missing one"),
    });
  });
});

describe("startPostgres(), when it cannot,", () => {
  test("reports a setting that the server refuses in the server's words", async () => {
    const started = startPostgres({ settings: { shared_buffers: "plenty" } });
    await expect(started).rejects.toMatchObject({
      reason: "BadConfiguration",
      message: expect.stringContaining('invalid value for parameter "shared_buffers": "plenty"'),
    });
  });

  test("says why binaries do not run, and leaves no directory behind", async () => {
    await using directory = await temporaryDirectory();
    await cp(installedNative("linux", process.arch), directory.path, { recursive: true });
    await writeFile(
      join(directory.path, "bin", "postgres"),
      "#!/bin/sh\necho no such library >&2; exit 127\n",
    );
    const homes = () =>
      readdirSync(tmpdir()).filter(
        (name) => name.startsWith("retrain-postgres-") && existsSync(join(tmpdir(), name, "native")),
      );
    const before = homes();
    const started = startPostgres({ native: directory.path });
    await expect(started).rejects.toMatchObject({
      reason: "BadConfiguration",
      message: expect.stringContaining("no such library; set DATABASE_URL"),
    });
    expect(homes()).toEqual(before);
  });
});

describe("untilReady()", () => {
  test("tells a port that somebody else took from a server that cannot start", async () => {
    await using other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = z.object({ port: z.number() }).parse(other.address());
    const home = await makeHome({});
    try {
      await createCluster({ ...home, superuser: "me", password: "secret", settings: {}, tls: undefined });
      expect(await untilReady(home.dataDir, launch(home, port))).toEqual({ kind: "port-taken" });
    } finally {
      await rm(home.path, { recursive: true });
    }
  });
});

describeWhere(isRoot, "the embedded PostgreSQL as root", "root", () => {
  test("the server runs as nobody and owns its directory", async () => {
    await using server = await startPostgres();
    const { uid } = nobody(readFileSync("/etc/passwd", "utf8"));
    expect(statSync(`/proc/${String(server.pid)}`).uid).toBe(uid);
    expect(statSync(server.dataDir)).toMatchObject({ uid, mode: 0o40700 });
  });

  test("binaries in a directory closed to nobody, without the links of the install script, are copied", async () => {
    await using closed = await temporaryDirectory();
    const native = join(closed.path, "native");
    const isLink = (path: string): boolean => lstatSync(path).isSymbolicLink();
    await cp(installedNative("linux", process.arch), native, {
      recursive: true,
      filter: (path) => !isLink(path),
    });
    const said: string[] = [];
    const server = await startPostgres({ native, say: (sentence) => said.push(sentence) });
    try {
      expect(await ask(server.url, "SELECT 1 AS one")).toEqual({ one: 1 });
      expect(said).toEqual([expect.stringContaining("temporary copy")]);
    } finally {
      await server.stop();
    }
    expect(existsSync(dirname(server.dataDir))).toBe(false);
  });
});

describeWhere(
  mayRunAs(NOBODY),
  "the embedded PostgreSQL as another user",
  "root, and a checkout that all may read",
  () => {
    test("without root it runs as the user itself", async () => {
      const { ended, printed } = await serverProcess("stop", NOBODY);
      expect(printed).toMatchObject({ uid: NOBODY.uid, version: expect.stringContaining("PostgreSQL") });
      expect(await ended).toEqual([0, null]);
      expect(isAlive(printed.pid)).toBe(false);
      expect(existsSync(dirname(printed.dataDir))).toBe(false);
    });
  },
);

describe("when the process that started it ends", () => {
  test.each(["SIGINT", "SIGTERM", "SIGKILL"] as const)(
    "by %s, the server and its directory go",
    async (signal) => {
      const { child, ended, printed } = await serverProcess("wait");
      expect(isAlive(printed.pid)).toBe(true);
      child.kill(signal);
      expect(await ended).toEqual([null, signal]);
      await until(() => !isAlive(printed.pid) && !existsSync(dirname(printed.dataDir)));
    },
  );

  test("after detach(), the server lives on until its stop command, which takes the directory along", async () => {
    const { ended, printed } = await serverProcess("keep");
    expect(await ended).toEqual([0, null]);
    expect(await ask(printed.url, "SELECT 1 AS one")).toEqual({ one: 1 });
    const stopped = spawnSync("/bin/sh", ["-c", printed.stopCommand ?? "exit 1"]);
    expect(stopped.status).toBe(0);
    await until(() => !isAlive(printed.pid) && !existsSync(dirname(printed.dataDir)));
  });
});

describe("TLS", () => {
  test("is spoken with the certificate given", async () => {
    await using directory = await temporaryDirectory();
    const certFile = join(directory.path, "cert.pem");
    const keyFile = join(directory.path, "key.pem");
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"];
    const made = spawnSync(
      "openssl",
      [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
        ...subject,
      ].concat("-keyout", keyFile, "-out", certFile),
    );
    expect(made.status).toBe(0);
    await using server = await startPostgres({ tls: { certFile, keyFile } });
    const ca = readFileSync(certFile, "utf8");
    const query = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    expect(await ask(server.url, query, { ca })).toEqual({ ssl: true });
  });
});

describe("installedNative()", () => {
  test("names the way out on a platform without binaries", () => {
    expect(() => installedNative("sunos", "x64")).toThrow(/sunos x64.*DATABASE_URL/);
  });
});

describe("nobody()", () => {
  test.each([
    { passwd: "root:x:0:0::/:/bin/sh\nnobody:x:99:98::/:/bin/false\n", ids: { uid: 99, gid: 98 } },
    { passwd: "root:x:0:0::/:/bin/sh\n", ids: { uid: 65534, gid: 65534 } },
    { passwd: "", ids: { uid: 65534, gid: 65534 } },
  ])("is $ids in '$passwd'", ({ passwd, ids }) => {
    expect(nobody(passwd)).toEqual(ids);
  });
});
