import { expect, test } from "@jest/globals";

import { Reconciler } from "../../../operator/loop/reconciler.ts";
import type { Applied } from "../../../operator/loop/apply.ts";
import type { Plan } from "../../../operator/reconcile/plan.ts";
import type { Seen } from "../../../operator/reconcile/seen.ts";
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
  refusedTidying: new Map(),
};
const quiet: Applied = { hasChanged: false, isRefused: false };
const plan = (differs: Partial<Plan> = {}): Plan => ({
  action: { do: "nothing" },
  statuses: [],
  events: [],
  wakeAt: undefined,
  ...differs,
});

/** What passes with these plans and outcomes ask of the queue. */
async function asked(...steps: readonly (readonly [Plan, Applied] | "forget")[]): Promise<readonly string[]> {
  const said: string[] = [];
  const left = steps.filter((step) => step !== "forget");
  const reconciler = new Reconciler({
    observe: () => Promise.resolve(seen),
    decide: () => left[0]?.[0] ?? plan(),
    apply: () => Promise.resolve(left.shift()?.[1] ?? quiet),
    settings: { configuration: Configuration.parse({}), sha256: (text) => text },
    clock: () => now,
    queue: {
      add: (key) => said.push(`add ${key}`),
      addAfter: (key, at) => said.push(`add ${key} at ${at.toISOString()}`),
      failed: (key) => said.push(`failed ${key}`),
      forget: (key) => said.push(`forget ${key}`),
    },
  });
  for (const step of steps) {
    if (step === "forget") reconciler.forget((key) => key === "velo/bikes");
    else await reconciler.pass("velo/bikes");
  }
  return said;
}

test("a pass that changes nothing sleeps until the plan's time", async () => {
  expect(await asked([plan({ wakeAt: now }), quiet])).toEqual([
    "forget velo/bikes",
    "add velo/bikes at 2026-12-01T02:00:00.000Z",
  ]);
});

test("a pass that has written is followed by another at once", async () => {
  expect(await asked([plan({ wakeAt: now }), { hasChanged: true, isRefused: false }])).toEqual([
    "forget velo/bikes",
    "add velo/bikes",
  ]);
});

test("a stale pass is repeated at once, and after a wait when it is stale again", async () => {
  expect(await asked([plan(), "again"], [plan(), "again"], [plan(), quiet], [plan(), "again"])).toEqual([
    "add velo/bikes",
    "failed velo/bikes",
    "forget velo/bikes",
    "add velo/bikes",
  ]);
});

test("a pass of which a write is refused is repeated after a wait, and wakes in time for the rest", async () => {
  expect(await asked([plan({ wakeAt: now }), { hasChanged: false, isRefused: true }])).toEqual([
    "failed velo/bikes",
    "add velo/bikes at 2026-12-01T02:00:00.000Z",
  ]);
});

test("what else it has changed is gone on with at once, and the wait keeps growing", async () => {
  expect(await asked([plan(), { hasChanged: true, isRefused: true }])).toEqual(["add velo/bikes"]);
});

test("what is stale is forgotten with its model", async () => {
  expect(await asked([plan(), "again"], "forget", [plan(), "again"])).toEqual([
    "add velo/bikes",
    "add velo/bikes",
  ]);
});
