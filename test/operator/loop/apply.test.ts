import { describe, expect, test } from "@jest/globals";

import { Configuration } from "../../../contract/configuration.ts";
import { KubeError, resources, type Kube, type KubeObject, type Named } from "../../../operator/kube/api.ts";
import { apply } from "../../../operator/loop/apply.ts";
import { RefusedJobs } from "../../../operator/loop/refused-jobs.ts";
import { RefusedTidying } from "../../../operator/loop/refused-tidying.ts";
import { Troubles } from "../../../operator/loop/troubles.ts";
import { World } from "../../../operator/loop/world.ts";
import type { Action, Plan } from "../../../operator/reconcile/plan.ts";
import type { RunSeen, Seen } from "../../../operator/reconcile/seen.ts";
import { beginning, jobSeen, runSeen } from "../../support/seen.ts";

const [good, bad] = [runSeen({ name: "good" }), runSeen({ name: "bad" })];
const job = jobSeen({ name: "rr-good-1" });

/** What the API server answers to a write of this object: a refusal, or its resource version afterwards. */
type Answers = (at: Named, verb: "patch" | "remove") => KubeError | string;

const metadata = {
  namespace: "city",
  resourceVersion: "5",
  creationTimestamp: beginning.toISOString(),
  labels: { "retrain.velo/model": "bike-traffic" },
};

/** A fake that only makes writes fail, or change nothing; who was asked for is there under another uid. */
const faulty = (answers: Answers, uid: string): Kube => {
  const none = (): never => {
    throw new Error("Nobody asks for this");
  };
  const write = (at: Named, verb: "patch" | "remove"): Promise<KubeObject> => {
    const answer = answers(at, verb);
    if (answer instanceof KubeError) return Promise.reject(answer);
    return Promise.resolve({ metadata: { name: at.name, uid, resourceVersion: answer } });
  };
  return {
    get: (at) => Promise.resolve({ metadata: { ...metadata, name: at.name, uid }, spec: { suspend: true } }),
    patch: (at) => write(at, "patch"),
    remove: async (at) => {
      await write(at, "remove");
    },
    list: none,
    create: none,
    replace: none,
    watch: none,
    logs: none,
  };
};

/** What came of a plan that begins with this action and says Queued of both runs. */
async function applied(action: Action, answers: Answers, uid = "") {
  const kube = faulty(answers, uid);
  const world = new World({
    kube,
    namespace: "city",
    configuration: Configuration.parse({}),
    relistSeconds: 600,
    clock: () => beginning,
    onChange: () => undefined,
    onNews: () => undefined,
  });
  const forgotten: string[] = [];
  world.remove = (gone) => void forgotten.push(gone);
  const events: string[] = [];
  const record = (event: { run: RunSeen }): void => void events.push(event.run.name);
  const told: [unknown, boolean][] = [];
  const memory = {
    refusedJobs: new RefusedJobs(),
    refusedTidying: new RefusedTidying(),
    troubles: new Troubles(),
  };
  const onRefused = (error: unknown, isNews: boolean): void => void told.push([error, isNews]);
  const parts = { kube, world, ...memory, clock: () => beginning, record, onRefused };
  const once = () => apply(plan(action), seen, parts).catch((error: unknown) => error);
  const outcome = await once();
  return { outcome, events, forgotten, told, once, world, refused: memory.refusedTidying };
}

const plan = (action: Action): Plan => ({
  action,
  statuses: [bad, good].map((run) => ({ run, status: { reason: "Queued" } })),
  events: [bad, good].map((run) => ({
    run,
    type: "Normal",
    reason: "Queued",
    message: "",
    action: "Queue",
    attempt: undefined,
  })),
  wakeAt: undefined,
});
const seen: Seen = {
  namespace: "city",
  model: "bike-traffic",
  runs: [good, bad],
  jobs: [job],
  pods: [],
  events: [],
  logs: new Map(),
  refusedJobs: new Map(),
  refusedTidying: new Map(),
};
const denied = new KubeError("a policy denies it", { status: 403, reason: "Forbidden" });
const silent = new KubeError("no answer", { status: 0, reason: "Deadline" });
const busy = new KubeError("later", { status: 429, reason: "TooManyRequests" });
const refusedInPart = { hasChanged: true, isRefused: true };
const done = { hasChanged: true, isRefused: false };
const conflict = new KubeError("try again", { status: 409, reason: "Conflict" });

describe("one write that is refused keeps no other from being made", () => {
  test.each<Action>([
    { do: "delete-run", run: bad, why: "old" },
    { do: "delete-job", job },
    { do: "expire-job", job, seconds: 60 },
    { do: "suspend-job", job },
  ])("$do", async (action) => {
    const isTheAction = (at: Named, verb: string): boolean =>
      at.resource === resources.jobs || verb === "remove";
    const answers: Answers = (at, verb) => (isTheAction(at, verb) ? denied : "2");
    const { outcome, events, told } = await applied(action, answers);
    expect({ outcome, events }).toEqual({ outcome: refusedInPart, events: ["bad", "good"] });
    expect(told).toEqual([[denied, true]]);
  });

  test("a status", async () => {
    const { outcome, events } = await applied({ do: "nothing" }, (at) => (at.name === "bad" ? denied : "2"));
    expect({ outcome, events }).toEqual({ outcome: refusedInPart, events: ["good"] });
  });

  test("but a server that gives no answer is asked for no further status", async () => {
    for (const failure of [silent, busy]) {
      const answers: Answers = (_, verb) => (verb === "remove" ? denied : failure);
      const { outcome, events } = await applied({ do: "delete-run", run: bad, why: "old" }, answers);
      expect({ outcome, events }).toEqual({ outcome: failure, events: [] });
    }
  });

  test("and what cannot be tidied is passed over, once and for a while", async () => {
    const answers: Answers = (_, verb) => (verb === "remove" ? denied : "1");
    const { once, refused } = await applied({ do: "delete-run", run: bad, why: "old" }, answers);
    expect([...refused.of("city/bike-traffic", new Set([bad.uid]), beginning).keys()]).toEqual([bad.uid]);
    expect(await once()).toEqual({ hasChanged: false, isRefused: true });
  });

  test("but what a status says must have happened comes first", async () => {
    const action = { do: "cancel-run", run: bad, why: "a restore" } as const;
    const { outcome, events } = await applied(action, () => denied);
    expect({ outcome, events }).toEqual({ outcome: denied, events: [] });
  });
});

test("a status that the API server does not take whole is told once, and not written in a circle", async () => {
  const { outcome, events, told, once } = await applied({ do: "nothing" }, () => "1");
  expect(outcome).toEqual({ hasChanged: false, isRefused: true });
  expect(events).toEqual([]);
  const older = { message: expect.stringMatching(/definition is older than this operator/iu) };
  expect(told).toMatchObject([
    [older, true],
    [older, false],
  ]);
  told.length = 0;
  await once();
  expect(told.map(([, isNews]) => isNews)).toEqual([false, false]);
});

describe("a conflict about a Job", () => {
  const onJob: Answers = (at) => (at.resource === resources.jobs ? conflict : "2");

  test("means that it has gone when another one has its name", async () => {
    const { outcome, forgotten } = await applied({ do: "suspend-job", job }, onJob, "another");
    expect({ outcome, forgotten }).toEqual({ outcome: done, forgotten: [job.uid] });
  });

  test("means nothing when it is still there", async () => {
    const { outcome, forgotten } = await applied({ do: "suspend-job", job }, onJob, job.uid);
    expect({ outcome, forgotten }).toEqual({ outcome: conflict, forgotten: [] });
  });

  test("shows the next pass the Job that is there", async () => {
    const { world } = await applied({ do: "suspend-job", job }, onJob, job.uid);
    expect(world.of("city/bike-traffic").jobs).toMatchObject([{ uid: job.uid, suspended: true }]);
  });
});
