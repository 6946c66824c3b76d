import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";

import { stringify } from "yaml";
import { z } from "zod";

import { freePorts } from "../../hack/cluster/ports.ts";
import { findPrometheus, howToGetPrometheus } from "../../hack/prometheus.ts";

const Answer = z.discriminatedUnion("status", [
  z.object({ status: z.literal("success"), data: z.object({ result: z.array(z.unknown()) }) }),
  z.object({ status: z.literal("error"), error: z.string() }),
]);

/** A real Prometheus; it ends with its block. */
export interface PrometheusServer extends AsyncDisposable {
  /** The series of a query at this moment. Rejects with what Prometheus says of one that it cannot read. */
  query(expression: string): Promise<readonly unknown[]>;
}

/** Scrapes the address `host:port` each second, and adds to each series the namespace that a ServiceMonitor would. */
export async function startPrometheus(target: string, namespace: string): Promise<PrometheusServer> {
  const programs = findPrometheus();
  if (programs === undefined) throw new Error(`Cannot start Prometheus: ${howToGetPrometheus}`);
  const directory = await mkdtemp(path.join(tmpdir(), "retrain-prometheus-"));
  const [port = 0] = await freePorts(1);
  await writeFile(path.join(directory, "prometheus.yml"), stringify(configuration(target, namespace)));
  const flags = [
    `--config.file=${directory}/prometheus.yml`,
    `--storage.tsdb.path=${directory}/data`,
    `--web.listen-address=127.0.0.1:${String(port)}`,
  ];
  const child = spawn(programs.prometheus, flags, { stdio: "ignore" });
  const url = `http://127.0.0.1:${String(port)}`;
  while (!(await isReady(url))) {
    if (child.exitCode !== null) throw new Error(`Prometheus ended with ${String(child.exitCode)}`);
    await setTimeout(100);
  }
  return {
    query: (expression) => query(url, expression),
    [Symbol.asyncDispose]: async () => {
      const ended = child.exitCode === null ? once(child, "exit") : undefined;
      child.kill();
      await ended;
      await rm(directory, { recursive: true });
    },
  };
}

const configuration = (target: string, namespace: string): object => ({
  global: { scrape_interval: "1s" },
  scrape_configs: [{ job_name: "sidecar", static_configs: [{ targets: [target], labels: { namespace } }] }],
});

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/-/ready`).then(
    ({ ok }) => ok,
    () => false,
  );

async function query(url: string, expression: string): Promise<readonly unknown[]> {
  const body = new URLSearchParams({ query: expression });
  const answer = Answer.parse(await (await fetch(`${url}/api/v1/query`, { method: "POST", body })).json());
  if (answer.status === "error") throw new Error(`${expression}: ${answer.error}`);
  return answer.data.result;
}
