import { afterAll, beforeAll, expect, test } from "@jest/globals";

import type { Place } from "./place.ts";
import { startScene, type Scene } from "./scene.ts";
import { reportOf } from "./trainer-report.ts";

let scene: Scene;
beforeAll(async () => {
  // A Job that was refused is tried again after a minute.
  scene = await startScene(undefined, 100);
  await scene.operator();
}, 120_000);
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
}, 30_000);

const quotaOf = ({ namespace }: Place): string => `/api/v1/namespaces/${namespace}/resourcequotas`;

/** A new namespace that has room for none of these, and in it a run that says so. */
async function tightFor(resource: string, namespace: string): Promise<Place> {
  const place = await scene.place(namespace);
  const body = { metadata: { name: "tight" }, spec: { hard: { [resource]: "0" } } };
  await scene.plane.ask(quotaOf(place), { method: "POST", body });
  await place.until(async () => {
    const { object } = await scene.plane.ask(`${quotaOf(place)}/tight`);
    return JSON.stringify(object["status"] ?? {}).includes(resource);
  });
  await place.create("run");
  const { status } = await place.whenProgressing("run", "QuotaExceeded");
  expect(status.conditions?.find(({ type }) => type === "Progressing")?.message).toContain(
    "exceeded quota: tight",
  );
  return place;
}

async function raise(place: Place, resource: string): Promise<void> {
  const { status, message } = await scene.plane.ask(`${quotaOf(place)}/tight`, {
    method: "PATCH",
    type: "application/merge-patch+json",
    body: { spec: { hard: { [resource]: "5" } } },
  });
  if (status !== 200) throw new Error(message);
}

/** It trains once, in its first attempt. */
async function publish(place: Place): Promise<void> {
  const pod = await place.podOf("run");
  await place.kubelet.run(pod);
  await place.whenProgressing("run", "Running");
  await place.kubelet.end(pod, { exitCode: 0, message: reportOf(await place.run("run")) });
  const { status } = await place.whenOver("run");
  expect(status).toMatchObject({ verdict: "Published", attempts: [{ exitCode: 0 }] });
  expect(status.failures?.counted ?? 0).toBe(0);
  expect(await place.jobs()).toHaveLength(1);
}

const resources = [
  { resource: "count/jobs.batch", namespace: "tight-jobs", jobs: 0, what: "its Job" },
  { resource: "pods", namespace: "tight-pods", jobs: 1, what: "its Job's Pod" },
];

test.concurrent.each(resources)(
  "a run without room for $what says QuotaExceeded, and trains once the quota is raised",
  async ({ resource, namespace, jobs }) => {
    const place = await tightFor(resource, namespace);
    expect(await place.jobs()).toHaveLength(jobs);
    await raise(place, resource);
    await publish(place);
  },
  200_000,
);
