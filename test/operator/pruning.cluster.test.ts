import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { z } from "zod";

import type { TerminationMessage } from "../../contract/termination-message.ts";
import type { Place } from "./place.ts";
import { startScene, type Scene } from "./scene.ts";
import { reportOf } from "./trainer-report.ts";

let scene: Scene;
let place: Place;
beforeAll(async () => {
  // The garbage collector looks every 30 s for new kinds, such as ours.
  scene = await startScene(undefined, 90);
  place = await scene.place("pruning");
}, 120_000);
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
}, 30_000);

const operator = () =>
  scene.operator({
    configuration: {
      models: Object.fromEntries(["kept", ...shortLived.map(({ name }) => name)].map((name) => [name, {}])),
      keepRuns: { succeeded: 2, failed: 1 },
    },
  });

const RunList = z.object({
  items: z.array(
    z.object({ metadata: z.object({ name: z.string() }), spec: z.object({ model: z.string() }) }),
  ),
});

/** Names of the model's runs. */
async function runsOf(model: string): Promise<readonly string[]> {
  const { object } = await scene.plane.ask("/apis/retrain.velo/v1alpha1/namespaces/pruning/retrainruns");
  const { items } = RunList.parse(object);
  return items.flatMap(({ spec, metadata: { name } }) => (spec.model === model ? [name] : [])).toSorted();
}

const thisMonth = new Date().toISOString().slice(0, "2026-12".length);

/** As another operator left them, oldest first; `why` says what keeps a run that is one too many. */
const history = [
  { name: "published-1", verdict: "Published", reason: "NewVersion", version: "20260101T010000Z-run1" },
  {
    name: "period",
    verdict: "Skipped",
    reason: "NoNewData",
    period: thisMonth,
    why: "it has done the month",
  },
  {
    name: "published-2",
    verdict: "Published",
    reason: "NewVersion",
    version: "20260301T010000Z-run2",
    why: "its version is current again",
  },
  { name: "failed-1", verdict: "Failed", reason: "Bug" },
  {
    name: "published-3",
    verdict: "Published",
    reason: "NewVersion",
    version: "20260501T010000Z-run3",
    why: "it is the newest Published",
  },
  { name: "failed-2", verdict: "Failed", reason: "Bug", why: "one failure is kept" },
  {
    name: "restored",
    verdict: "Restored",
    reason: "RestoredVersion",
    version: "20260301T010000Z-run2",
    why: "it is the newest Restored",
  },
  { name: "skipped-1", verdict: "Skipped", reason: "NoNewData" },
  { name: "skipped-2", verdict: "Skipped", reason: "NoNewData", why: "two that ended well are kept" },
  { name: "skipped-3", verdict: "Skipped", reason: "NoNewData", why: "two that ended well are kept" },
] as const;

test("keepRuns: of the finished runs those go that are too many and that nothing needs", async () => {
  for (const [at, { name, ...end }] of history.entries()) {
    const { verdict, reason } = end;
    await place.create(name, { model: "kept", suspend: true });
    await place.patchStatus(name, {
      verdict,
      reason,
      completionTime: new Date(Date.UTC(2026, 0, 1 + 20 * at)).toISOString(),
      ...("version" in end ? { version: end.version } : {}),
      ...("period" in end ? { resolved: { period: end.period, input: {}, inputHash: "0" } } : {}),
    });
  }
  await operator();
  const kept = history.flatMap((run) => ("why" in run ? [run.name] : [])).toSorted();
  await place.until(async () => (await runsOf("kept")).length <= kept.length);
  // A run that the operator has seen since shows that it removes no more.
  await place.create("latest", { model: "kept", suspend: true });
  await place.whenProgressing("latest", "Suspended");
  expect(await runsOf("kept")).toEqual(["latest", ...kept].toSorted());
}, 150_000);

interface ShortLived {
  readonly name: string;
  readonly seconds: number;
  readonly exitCode: number;
  readonly differs: Partial<TerminationMessage>;
}
const failed = { verdict: "Failed", reason: "EmptyTable", message: "There are no counts" } as const;
const shortLived: readonly ShortLived[] = [
  { name: "at-once", seconds: 0, exitCode: 65, differs: failed },
  { name: "soon", seconds: 1, exitCode: 65, differs: failed },
];

describe("ttlSecondsAfterFinished", () => {
  test.each(shortLived)(
    "of $seconds: the run goes, and its Job with it",
    async ({ name, seconds, exitCode, differs }) => {
      const run = await place.create(name, { model: name, ttlSecondsAfterFinished: seconds });
      const pod = await place.podOf(name);
      await place.kubelet.end(pod, { exitCode, message: reportOf(run, differs) });
      await place.until(async () => (await runsOf(name)).length === 0);
      const job = `rr-${run.metadata.uid.slice(0, 10)}-1`;
      await place.until(async () => (await place.jobs()).every(({ metadata }) => metadata.name !== job));
      expect(await place.jobs()).toEqual([]);
    },
    150_000,
  );
});
