import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { stringify } from "yaml";
import { z } from "zod";

import type { Access } from "../../hack/cluster/api.ts";
import type { Configuration } from "../../contract/configuration.ts";

const Line = z.looseObject({ timestamp: z.string(), level: z.string(), message: z.string() });
/** A line of the operator's log. */
export type OperatorLine = z.infer<typeof Line>;

export interface OperatorCall {
  /** Of the operator's ServiceAccount, through a fault proxy perhaps. */
  readonly access: Access;
  /** The operator's own namespace. */
  readonly namespace: string;
  /** Its own unless told otherwise. */
  readonly watched?: readonly string[] | "all";
  /** The mounted file; what is built in unless told otherwise. */
  readonly configuration?: z.input<typeof Configuration>;
  /** Below operator/ or test/: `operator/main.ts` unless told otherwise. */
  readonly program?: string;
  /** The message with which it says that it serves: the operator's unless told otherwise. */
  readonly started?: string;
  /** Beside those that the operator needs to start. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface EndedOperator {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

/** An operator that runs; with its block it is killed. */
export interface OperatorProcess extends AsyncDisposable {
  readonly pid: number;
  /** Of its health and metrics. */
  readonly url: string;
  readonly ended: Promise<EndedOperator>;
  kill(signal: NodeJS.Signals): void;
  /** What it has logged so far. */
  log(): readonly OperatorLine[];
  /** The first line that fits; rejects when the process ends without one. */
  saw(fits: (line: OperatorLine) => boolean): Promise<OperatorLine>;
}

const root = path.join(import.meta.dirname, "..", "..");
const inherited = ["PATH", "HOME", "TMPDIR", "NODE_COMPILE_CACHE"];

/** Starts the operator on this Node as a process of its own, and waits until it serves. */
export async function startOperator(call: OperatorCall): Promise<OperatorProcess> {
  const scratch = await mkdtemp(path.join(tmpdir(), "operator-"));
  const child = spawn(process.execPath, [path.join(root, call.program ?? "operator/main.ts")], {
    env: { ...machine(), ...(await settings(call, scratch)), ...call.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`Cannot start ${process.execPath}`);
  let [said, complained] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (said += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (complained += chunk));
  const closed = once(child, "close");
  const end = async (): Promise<EndedOperator> => {
    await closed;
    await rm(scratch, { recursive: true, force: true });
    return { exitCode: child.exitCode, signal: child.signalCode, stderr: complained };
  };
  const ended = end();
  const over = closed.then(() => "over" as const);
  const log = (): readonly OperatorLine[] => linesOf(said);
  const saw = async (fits: (line: OperatorLine) => boolean): Promise<OperatorLine> => {
    for (;;) {
      const line = log().find(fits);
      if (line !== undefined) return line;
      if ((await Promise.race([once(child.stdout, "data"), over])) === "over") {
        throw new Error(`The operator has ended; no line fits of:\n${said}${complained}`);
      }
    }
  };
  const serves = call.started ?? "The operator has started";
  const started = await saw(({ message }) => message === serves);
  return {
    pid,
    url: `http://127.0.0.1:${String(started["port"])}`,
    ended,
    kill: (signal) => void child.kill(signal),
    log,
    saw,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

const machine = (): Record<string, string> =>
  Object.fromEntries(
    inherited.flatMap((name) => (process.env[name] ? [[name, process.env[name]] as const] : [])),
  );

async function settings(call: OperatorCall, scratch: string): Promise<Record<string, string>> {
  const { namespace, watched = [namespace], configuration = {} } = call;
  const CONFIG_FILE = path.join(scratch, "configuration.yaml");
  await writeFile(CONFIG_FILE, stringify(configuration));
  return {
    CONFIG_FILE,
    KUBECONFIG: await writeKubeconfig(call.access, scratch),
    POD_NAMESPACE: namespace,
    WATCH_NAMESPACES: watched === "all" ? "*" : watched.join(","),
    LISTEN_ON: "loopback",
    PORT: "0",
    LOG_LEVEL: "debug",
  };
}

/** Its path: a kubeconfig that gives this access. */
export async function writeKubeconfig({ url, ca, token }: Access, scratch: string): Promise<string> {
  const file = path.join(scratch, "kubeconfig");
  const cluster = { server: url, "certificate-authority-data": Buffer.from(ca).toString("base64") };
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "retrain", cluster }],
    users: [{ name: "operator", user: { token } }],
    contexts: [{ name: "retrain", context: { cluster: "retrain", user: "operator" } }],
    "current-context": "retrain",
  };
  await writeFile(file, stringify(config), { mode: 0o600 });
  return file;
}

/** The last line may not have come whole yet. */
const linesOf = (said: string): readonly OperatorLine[] =>
  said
    .replace(/[^\n]*$/u, "")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => Line.parse(JSON.parse(line)));
