import { describe, expect, test } from "@jest/globals";

import { Configuration } from "../../../contract/configuration.ts";
import { KubeError, resources, type Kube, type KubeObject, type Named } from "../../../operator/kube/api.ts";
import { apply } from "../../../operator/loop/apply.ts";
import { RefusedJobs } from "../../../operator/loop/refused-jobs.ts";
import { World } from "../../../operator/loop/world.ts";
import type { Action, Plan } from "../../../operator/reconcile/plan.ts";
import type { RunSeen, Seen } from "../../../operator/reconcile/seen.ts";
import { beginning, jobSeen, runSeen } from "../../support/seen.ts";

const [good, bad] = [runSeen({ name: "good" }), runSeen({ name: "bad" })];
const job = jobSeen({ name: "rr-good-1" });

/** What the API server answers to a write of this object: a refusal, or its resource version afterwards. */
type Answers = (at: Named, verb: "patch" | "remove") => KubeError | string;

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
    get: (at) => Promise.resolve({ metadata: { name: at.name, uid, resourceVersion: "5" } }),
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
async function applied(
  action: Action,
  answers: Answers,
  uid = "",
): Promise<{ outcome: unknown; events: readonly string[]; forgotten: readonly string[] }> {
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
  const parts = { kube, world, refusedJobs: new RefusedJobs(), clock: () => beginning, record };
  const outcome = await apply(plan(action), seen, parts).catch((error: unknown) => error);
  return { outcome, events, forgotten };
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
};
const denied = new KubeError("a policy denies it", { status: 403, reason: "Forbidden" });
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
    const { outcome, events } = await applied(action, (at, verb) => (isTheAction(at, verb) ? denied : "2"));
    expect({ outcome, events }).toEqual({ outcome: denied, events: ["bad", "good"] });
  });

  test("a status", async () => {
    const { outcome, events } = await applied({ do: "nothing" }, (at) => (at.name === "bad" ? denied : "2"));
    expect({ outcome, events }).toEqual({ outcome: denied, events: ["good"] });
  });

  test("but what a status says must have happened comes first", async () => {
    const action = { do: "cancel-run", run: bad, why: "a restore" } as const;
    const { outcome, events } = await applied(action, () => denied);
    expect({ outcome, events }).toEqual({ outcome: denied, events: [] });
  });
});

test("a status that the API server does not take whole is told, and not written in a circle", async () => {
  const { outcome, events } = await applied({ do: "nothing" }, (at) => (at.name === "bad" ? "1" : "2"));
  expect(outcome).toMatchObject({
    message: expect.stringMatching(/definition is older than this operator/iu),
  });
  expect(events).toEqual(["good"]);
});

describe("a conflict about a Job", () => {
  const onJob: Answers = (at) => (at.resource === resources.jobs ? conflict : "2");

  test("means that it has gone when another one has its name", async () => {
    const { outcome, forgotten } = await applied({ do: "suspend-job", job }, onJob, "another");
    expect({ outcome, forgotten }).toEqual({ outcome: "done", forgotten: [job.uid] });
  });

  test("means nothing when it is still there", async () => {
    const { outcome, forgotten } = await applied({ do: "suspend-job", job }, onJob, job.uid);
    expect({ outcome, forgotten }).toEqual({ outcome: conflict, forgotten: [] });
  });
});
