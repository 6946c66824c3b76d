import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";

import { z } from "zod";

import { startControlPlane, type TestControlPlane } from "../support/control-plane.ts";
import { startKubelet, type Kubelet } from "../support/kubelet.ts";
import { writeKubeconfig } from "../support/operator-process.ts";
import { tokenOf } from "../support/sidecar-rights.ts";
import { chart, helm, release, settings } from "./chart.ts";
import { containerOf, environmentOf, Template } from "./pods.ts";

const Job = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    annotations: z.record(z.string(), z.string()).default({}),
    ownerReferences: z.array(z.object({ name: z.string() })).default([]),
  }),
});
const Runs = z.object({ items: z.array(z.object({ metadata: z.object({ name: z.string() }) })) });

export interface Tick {
  readonly job: string;
  /** What the Job was made for. */
  readonly at: Date;
}

/** The chart installed beside a real CronJob controller, without an operator. Dispose it in afterAll. */
export interface ScheduleScene extends AsyncDisposable {
  readonly kubelet: Kubelet;
  /**
   * The controller last made a Job of this model at that time: as after a downtime since then, which a test cannot wait for.
   * The status is the whole of what a controller knows when it comes up again.
   */
  lastMade(model: string, at: Date): Promise<void>;
  patch(model: string, spec: object): Promise<void>;
  /** The Jobs that the controller has made, oldest tick first. */
  ticks(model: string): Promise<readonly Tick[]>;
  /** Waits until there are so many. */
  untilTicks(model: string, count: number): Promise<readonly Tick[]>;
  /** Waits until an Event of the model's CronJob has this reason. */
  untilTold(model: string, reason: string): Promise<void>;
  /** What the Job's container runs, with its environment and the rights of its account; its exit code. */
  createRun(job: string): Promise<number | null>;
  runs(): Promise<readonly string[]>;
}

const { namespace } = release;
const cronJob = (model: string): string => `${release.name}-retrain-operator-${model}`;
const tick = "batch.kubernetes.io/cronjob-scheduled-timestamp";
const pollMilliseconds = 100;

export async function startScheduleScene(models: readonly object[]): Promise<ScheduleScene> {
  const stack = new AsyncDisposableStack();
  try {
    const plane = stack.use(await startControlPlane());
    const place = ["--create-namespace", "--namespace", namespace, "--kubeconfig", plane.kubeconfig];
    await helm("install", release.name, chart, ...place, ...settings(`models=${JSON.stringify(models)}`));
    const directory = await mkdtemp(path.join(tmpdir(), "retrain-schedules-"));
    stack.defer(() => rm(directory, { recursive: true }));
    const env = await environmentFiles(plane, directory);
    return {
      ...sceneOf(plane),
      createRun: (job) => createRun(plane, job, env),
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

function sceneOf(plane: TestControlPlane): Omit<ScheduleScene, "createRun" | typeof Symbol.asyncDispose> {
  const kubectl = (...words: readonly string[]): Promise<string> =>
    plane.kubectl([...words, `--namespace=${namespace}`]);
  const patch = async (model: string, what: object, ...more: readonly string[]): Promise<void> => {
    const words = ["--type=merge", `--patch=${JSON.stringify(what)}`, ...more];
    await kubectl("patch", `cronjob/${cronJob(model)}`, ...words);
  };
  const ticks = async (model: string): Promise<readonly Tick[]> => {
    const { items } = z
      .object({ items: z.array(Job) })
      .parse(JSON.parse(await kubectl("get", "jobs", "-o=json")));
    return items
      .filter(({ metadata }) => metadata.ownerReferences[0]?.name === cronJob(model))
      .map(({ metadata }) => ({ job: metadata.name, at: new Date(metadata.annotations[tick] ?? "") }))
      .toSorted((one, other) => one.at.getTime() - other.at.getTime());
  };
  return {
    kubelet: startKubelet(plane, namespace),
    lastMade: (model, at) =>
      patch(model, { status: { lastScheduleTime: seconds(at) } }, "--subresource=status"),
    patch: (model, spec) => patch(model, { spec }),
    ticks,
    untilTicks: async (model, count) => {
      for (;;) {
        const made = await ticks(model);
        if (made.length >= count) return made;
        await setTimeout(pollMilliseconds);
      }
    },
    untilTold: async (model, reason) => {
      const about = `--field-selector=involvedObject.name=${cronJob(model)},reason=${reason}`;
      while ((await kubectl("get", "events", about, "--output=name")) === "")
        await setTimeout(pollMilliseconds);
    },
    runs: async () => {
      const { items } = Runs.parse(JSON.parse(await kubectl("get", "retrainruns", "--output=json")));
      return items.map(({ metadata }) => metadata.name);
    },
  };
}

const seconds = (at: Date): string => at.toISOString().replace(/\.\d+Z$/u, "Z");

/** Where the process finds what its Pod would have mounted. */
async function environmentFiles(plane: TestControlPlane, directory: string): Promise<Record<string, string>> {
  const name = `${release.name}-retrain-operator`;
  const token = await tokenOf(plane, { namespace, name: `${name}-create-run` }, {});
  const map = ["get", `configmap/${name}`, `--namespace=${namespace}`];
  const configuration = path.join(directory, "configuration.yaml");
  const key = "--output=jsonpath={.data.configuration\\.yaml}";
  await writeFile(configuration, await plane.kubectl([...map, key]));
  const kubeconfig = await writeKubeconfig({ url: plane.url, ca: plane.ca, token }, directory);
  return { CONFIG_FILE: configuration, KUBECONFIG: kubeconfig };
}

async function createRun(
  plane: TestControlPlane,
  job: string,
  files: Readonly<Record<string, string>>,
): Promise<number | null> {
  const pod = Template.parse(await startKubelet(plane, namespace).podOf(job));
  const label = "batch.kubernetes.io/job-name";
  const env = environmentOf(containerOf(pod, "create-run"), {
    "metadata.namespace": namespace,
    [`metadata.labels['${label}']`]: pod.metadata.labels[label] ?? "",
  });
  const child = spawn(process.execPath, ["operator/create-run/main.ts"], {
    env: { PATH: process.env["PATH"], ...env, ...files },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await Promise.all([text(child.stdout), once(child, "close")]);
  return child.exitCode;
}
