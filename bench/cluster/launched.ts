import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout } from "node:timers/promises";

import type { Configuration } from "../../contract/configuration.ts";
import type { Access } from "../../hack/cluster/api.ts";
import { inspect, type Inspected } from "./inspector.ts";
import { LogFile, type Line } from "./log-file.ts";
import { samplesOf, type Sample } from "./metrics-text.ts";
import { namespace, type Plane } from "./plane.ts";

/** One of the operator's programs, and what it is told. */
export interface Launch {
  /** Its file, from the project's root. */
  readonly program: string;
  readonly configuration: Configuration;
  readonly env: Readonly<Record<string, string>>;
  readonly nodeOptions: readonly string[];
  /** Field of the log that names the port of its metrics. */
  readonly metricsPort: "port" | "metricsPort";
}

/** It runs as a process of its own, which ends with its block. */
export interface Launched extends AsyncDisposable {
  readonly startedAt: Date;
  readonly pid: number;
  /** As of the last look of `until`. */
  readonly log: readonly Line[];
  /** Waits until it is so; throws an Error when the process ends first. */
  readonly until: <T>(look: () => T | undefined | Promise<T | undefined>) => Promise<T>;
  readonly metrics: () => Promise<readonly Sample[]>;
  /** Collects its garbage, then asks for its heap. */
  readonly inspect: () => Promise<Inspected>;
}

const root = path.join(import.meta.dirname, "..", "..");

export async function launch(plane: Plane, wanted: Launch): Promise<Launched> {
  const env = await environment(plane, wanted);
  const file = await LogFile.create(path.join(plane.directory, "program.log"));
  const startedAt = new Date();
  const child = spawn(
    process.execPath,
    ["--inspect=127.0.0.1:0", ...wanted.nodeOptions, path.join(root, wanted.program)],
    { env, stdio: ["ignore", file.fd, "pipe"] },
  );
  const ended = once(child, "close");
  const log = file.lines;
  let complained = "";
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => (complained += chunk));
  const until: Launched["until"] = async (look) => {
    for (;;) {
      await file.read();
      const found = await look();
      if (found !== undefined) return found;
      if (child.exitCode !== null) throw new Error(`${wanted.program} has ended: ${complained}`);
      await setTimeout(pollMilliseconds);
    }
  };
  return {
    startedAt,
    pid: child.pid ?? 0,
    log,
    until,
    metrics: async () => {
      const port = await until(() => portIn(log, wanted.metricsPort));
      const answer = await fetch(`http://127.0.0.1:${String(port)}/metrics`);
      return samplesOf(await answer.text());
    },
    inspect: async () => inspect(await until(() => /ws:\/\/\S+/u.exec(complained)?.[0])),
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGTERM"); // A profile is written only at a regular end.
      await ended;
      await file[Symbol.asyncDispose]();
    },
  };
}

const pollMilliseconds = 100;

/** That the process has told it listens on. */
export function portIn(log: readonly Line[], field: string): number | undefined {
  const port = log.find((line) => typeof line[field] === "number")?.[field];
  return typeof port === "number" ? port : undefined;
}

async function environment(
  plane: Plane,
  { configuration, env }: Launch,
): Promise<Readonly<Record<string, string>>> {
  const CONFIG_FILE = path.join(plane.directory, "configuration.yaml");
  const KUBECONFIG = path.join(plane.directory, "program.kubeconfig");
  await writeFile(CONFIG_FILE, JSON.stringify(configuration, null, 1)); // JSON is YAML too.
  await writeFile(KUBECONFIG, JSON.stringify(kubeconfig(plane.operator)), { mode: 0o600 });
  return { CONFIG_FILE, KUBECONFIG, POD_NAMESPACE: namespace, LISTEN_ON: "loopback", PORT: "0", ...env };
}

const kubeconfig = ({ url, ca, token }: Access) => ({
  apiVersion: "v1",
  kind: "Config",
  clusters: [
    {
      name: "bench",
      cluster: { server: url, "certificate-authority-data": Buffer.from(ca).toString("base64") },
    },
  ],
  users: [{ name: "program", user: { token } }],
  contexts: [{ name: "bench", context: { cluster: "bench", user: "program" } }],
  "current-context": "bench",
});
