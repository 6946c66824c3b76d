import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";

import { z } from "zod";

import type { Configuration } from "../../contract/configuration.ts";
import type { Access } from "../../hack/cluster/api.ts";
import { inspect, type Inspected } from "./inspector.ts";
import { samplesOf, type Sample } from "./metrics-text.ts";
import { namespace, type Plane } from "./plane.ts";

const Line = z.looseObject({ timestamp: z.coerce.date(), level: z.string(), message: z.string() });
/** A line of the operator's log. */
export type Line = z.infer<typeof Line>;

export interface Launch {
  readonly configuration: Configuration;
  readonly relistSeconds: number;
  readonly nodeOptions: readonly string[];
}

/** The operator as a process of its own. It ends with its block. */
export interface RunningOperator extends AsyncDisposable {
  readonly startedAt: Date;
  /** So far. */
  readonly log: readonly Line[];
  /** Waits until it is so; throws an Error when the process ends first. */
  readonly until: <T>(look: () => T | undefined | Promise<T | undefined>) => Promise<T>;
  readonly metrics: () => Promise<readonly Sample[]>;
  /** Collects its garbage, then asks for its heap. */
  readonly inspect: () => Promise<Inspected>;
}

const main = path.join(import.meta.dirname, "..", "..", "operator", "main.ts");

export async function launchOperator(plane: Plane, launch: Launch): Promise<RunningOperator> {
  const env = await environment(plane, launch);
  const startedAt = new Date();
  const child = spawn(process.execPath, ["--inspect=127.0.0.1:0", ...launch.nodeOptions, main], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "close");
  const log: Line[] = [];
  createInterface(child.stdout).on("line", (line) => log.push(Line.parse(JSON.parse(line))));
  let complained = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (complained += chunk));
  const until: RunningOperator["until"] = async (look) => {
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      if (child.exitCode !== null) throw new Error(`The operator has ended: ${complained}`);
      await setTimeout(pollMilliseconds);
    }
  };
  return {
    startedAt,
    log,
    until,
    metrics: async () => {
      const port = await until(() => log.find(({ port }) => typeof port === "number")?.["port"]);
      const answer = await fetch(`http://127.0.0.1:${String(port)}/metrics`);
      return samplesOf(await answer.text());
    },
    inspect: async () => inspect(await until(() => /ws:\/\/\S+/u.exec(complained)?.[0])),
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGTERM"); // A profile is written only at a regular end.
      await ended;
    },
  };
}

const pollMilliseconds = 100;

async function environment(plane: Plane, launch: Launch): Promise<Record<string, string>> {
  const CONFIG_FILE = path.join(plane.directory, "configuration.yaml");
  const KUBECONFIG = path.join(plane.directory, "operator.kubeconfig");
  await writeFile(CONFIG_FILE, JSON.stringify(launch.configuration, null, 1)); // JSON is YAML too.
  await writeFile(KUBECONFIG, JSON.stringify(kubeconfig(plane.operator)), { mode: 0o600 });
  return {
    CONFIG_FILE,
    KUBECONFIG,
    POD_NAMESPACE: namespace,
    LISTEN_ON: "loopback",
    PORT: "0",
    LOG_LEVEL: "debug",
    RELIST_SECONDS: String(launch.relistSeconds),
  };
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
  users: [{ name: "operator", user: { token } }],
  contexts: [{ name: "bench", context: { cluster: "bench", user: "operator" } }],
  "current-context": "bench",
});
