import { describe, expect, test } from "@jest/globals";

import { KubeError, type Kube } from "../../../operator/kube/api.ts";
import { confirmed } from "../../../operator/loop/confirm.ts";
import { createJob } from "../../../operator/loop/create-job.ts";
import { World } from "../../../operator/loop/world.ts";
import { beginning, runSeen, settingsOf } from "../../support/seen.ts";

const owner = { kind: "RetrainRun", uid: "run-1", controller: true };
const metadata = { namespace: "city", resourceVersion: "5", creationTimestamp: beginning.toISOString() };

/** A Job of run-1 whose label names this model. */
const jobOf = (model: string) => ({
  metadata: {
    ...metadata,
    name: "rr-run-1-1",
    uid: "job-1",
    labels: { "retrain.velo/model": model },
    ownerReferences: [owner],
  },
  spec: {},
  status: {},
});
const startedAt = "2026-12-01T02:00:00Z";
const runObject = {
  metadata: { ...metadata, name: "now", uid: "run-1" },
  spec: { model: "bikes" },
  status: { attempts: [{ job: "rr-run-1-1", startedAt }] },
};

/** Only what the tests ask for; the Job's name is taken. */
function serverWith(job: ReturnType<typeof jobOf>): Kube {
  const no = () => Promise.reject(new Error("not asked here"));
  return {
    get: () => Promise.resolve(job),
    list: () => Promise.resolve({ resourceVersion: "9", items: [] }),
    patch: () => Promise.resolve(runObject),
    create: () => Promise.reject(new KubeError("taken", { status: 409, reason: "AlreadyExists" })),
    replace: no,
    remove: no,
    logs: no,
    watch: () => {
      throw new Error("not asked here");
    },
  };
}

const worldOn = (kube: Kube): World =>
  new World({
    kube,
    namespace: "city",
    configuration: settingsOf({ models: { bikes: {}, trams: {} } }).configuration,
    relistSeconds: 600,
    clock: () => beginning,
    onChange: () => undefined,
    onNews: () => undefined,
  });

test.each(["bikes", "trams"])(
  "a run's Job that the API server has is not gone: labelled %s",
  async (model) => {
    const kube = serverWith(jobOf(model));
    const world = worldOn(kube);
    world.answeredRun(runObject);
    const { jobs } = await confirmed(world, kube, "city/bikes");
    expect(jobs.map(({ uid }) => uid)).toEqual(["job-1"]);
  },
);

describe("a Job whose name is taken by the run's own", () => {
  test.each([
    ["bikes", "created"],
    ["trams", "refused"],
  ])("labelled %s is %s", async (model, kind) => {
    const kube = serverWith(jobOf(model));
    const run = runSeen({ name: "now", uid: "run-1", model: "bikes" });
    const seen = {
      namespace: "city",
      model: "bikes",
      runs: [run],
      jobs: [],
      pods: [],
      events: [],
      logs: new Map<string, string>(),
      refusedJobs: new Map(),
      refusedTidying: new Map(),
    };
    const create = { run, job: { metadata: { name: "rr-run-1-1" } } };
    expect(await createJob(kube, worldOn(kube), create, seen)).toMatchObject({ kind });
  });
});
