import { expect, test } from "@jest/globals";

import { Reconciler } from "../../../operator/loop/reconciler.ts";
import type { Outcome } from "../../../operator/loop/apply.ts";
import type { Plan } from "../../../operator/reconcile/plan.ts";
import type { JobSeen, Seen } from "../../../operator/reconcile/seen.ts";
import { Configuration } from "../../../contract/configuration.ts";

const now = new Date("2026-12-01T02:00:00Z");
const seen: Seen = {
  namespace: "velo",
  model: "bikes",
  runs: [],
  jobs: [],
  pods: [],
  events: [],
  logs: new Map(),
  refusedJobs: new Map(),
};
const job: JobSeen = {
  name: "rr-1-1",
  uid: "job-1",
  ownerUid: "run-1",
  createdAt: now,
  deleting: false,
  suspended: false,
  ttlSecondsAfterFinished: undefined,
  finished: undefined,
};
const plan = (differs: Partial<Plan> = {}): Plan => ({
  action: { do: "nothing" },
  statuses: [],
  events: [],
  wakeAt: undefined,
  ...differs,
});

/** What passes with these plans and outcomes ask of the queue. */
async function asked(...passes: readonly (readonly [Plan, Outcome])[]): Promise<readonly string[]> {
  const said: string[] = [];
  const left = [...passes];
  const reconciler = new Reconciler({
    observe: () => Promise.resolve(seen),
    decide: () => left[0]?.[0] ?? plan(),
    apply: () => Promise.resolve(left.shift()?.[1] ?? "done"),
    settings: { configuration: Configuration.parse({}), sha256: (text) => text },
    clock: () => now,
    queue: {
      add: (key) => said.push(`add ${key}`),
      addAfter: (key, at) => said.push(`add ${key} at ${at.toISOString()}`),
      failed: (key) => said.push(`failed ${key}`),
      forget: (key) => said.push(`forget ${key}`),
    },
  });
  for (let pass = 0; pass < passes.length; pass++) await reconciler.pass("velo/bikes");
  return said;
}

test("a pass that changes nothing sleeps until the plan's time", async () => {
  expect(await asked([plan({ wakeAt: now }), "done"])).toEqual([
    "forget velo/bikes",
    "add velo/bikes at 2026-12-01T02:00:00.000Z",
  ]);
});

test("a pass that has written is followed by another at once", async () => {
  const action = { do: "suspend-job", job } as const;
  expect(await asked([plan({ action, wakeAt: now }), "done"])).toEqual([
    "forget velo/bikes",
    "add velo/bikes",
  ]);
});

test("a stale pass is repeated at once, and after a wait when it is stale again", async () => {
  expect(await asked([plan(), "again"], [plan(), "again"], [plan(), "done"], [plan(), "again"])).toEqual([
    "add velo/bikes",
    "failed velo/bikes",
    "forget velo/bikes",
    "add velo/bikes",
  ]);
});
