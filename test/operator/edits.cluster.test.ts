import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import type { Place, Run } from "./place.ts";
import { startScene, type Scene } from "./scene.ts";

const models = Array.from({ length: 12 }, (_, at) => `model-${String(at)}`);
let scene: Scene;
let place: Place;
beforeAll(async () => {
  scene = await startScene();
  place = await scene.place("edits");
  await scene.operator({
    configuration: {
      models: Object.fromEntries(models.map((name) => [name, {}])),
      allowed: { images: ["trainer:next"], secrets: ["replica"], claims: ["other-models"] },
    },
  });
}, 120_000);
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
}, 30_000);

let count = 0;
const nextModel = (): string => models[count++] ?? "";

const conditionOf = ({ status }: Run, type: string) =>
  status.conditions?.find((condition) => condition.type === type);

describe("an edit of the spec", () => {
  test("is taken over until the run starts: what it will do follows", async () => {
    const name = nextModel();
    await place.create(name, { model: name, suspend: true, period: "2026-09" });
    const before = (await place.whenProgressing(name, "Suspended")).status.resolved;
    expect(before).toMatchObject({ period: "2026-09", job: { retries: 2 } });
    await place.patchSpec(name, { period: "2026-10", job: { retries: 1 } });
    const { status, metadata } = await place.when(name, (run) => run.status.resolved?.period === "2026-10");
    expect(status.resolved).toMatchObject({ job: { retries: 1 }, input: { period: "2026-10" } });
    expect(status.resolved?.inputHash).not.toBe(before?.inputHash);
    expect(status.observedGeneration).toBe(metadata["generation"]);
    await place.patchSpec(name, { suspend: null });
    await place.podOf(name);
    expect((await place.run(name)).status.resolved).toEqual(status.resolved);
  }, 60_000);

  test("is refused by the API server once it has started, all but cancel", async () => {
    const name = nextModel();
    await place.create(name, { model: name, period: "2026-09" });
    await place.podOf(name);
    const edits = [{ period: "2026-10" }, { model: "another" }, { job: { retries: 1 } }];
    for (const edit of edits) {
      await expect(place.patchSpec(name, edit)).rejects.toThrow(
        "cannot be changed once the run has started: create a new RetrainRun",
      );
    }
    await place.patchSpec(name, { cancel: true });
    expect(await place.whenOver(name)).toMatchObject({ status: { verdict: "Cancelled" } });
  }, 60_000);
});

interface Guarded {
  readonly what: string;
  readonly field: string;
  /** A spec with this value in the field. */
  readonly having: (value: string) => Record<string, unknown>;
  readonly allowed: string;
}
const guarded: readonly Guarded[] = [
  {
    what: "another image",
    field: "spec.job.image",
    having: (image) => ({ job: { image } }),
    allowed: "trainer:next",
  },
  {
    what: "another Secret",
    field: "spec.source.secretRef.name",
    having: (name) => ({ source: { secretRef: { name, key: "DATABASE_URL" } } }),
    allowed: "replica",
  },
  {
    what: "another claim",
    field: "spec.storage.claimName",
    having: (claimName) => ({ storage: { claimName } }),
    allowed: "other-models",
  },
];

describe("what the configuration does not allow", () => {
  test.each(guarded)(
    "$what is refused without a Job, and the run goes on when it is corrected",
    async ({ field, having, allowed }) => {
      const name = nextModel();
      const created = await place.create(name, { model: name, ...having("somebody-elses") });
      const run = await place.whenProgressing(name, "NotAllowed");
      expect(conditionOf(run, "Accepted")).toMatchObject({ status: "False", reason: "NotAllowed" });
      expect(conditionOf(run, "Accepted")?.message).toContain(`${field} "somebody-elses"`);
      expect(run.status).not.toHaveProperty("resolved");
      const uid = created.metadata.uid.slice(0, 10);
      expect((await place.jobs()).filter(({ metadata }) => metadata.name.includes(uid))).toEqual([]);

      await place.patchSpec(name, having(allowed));
      const pod = await place.podOf(name);
      expect(JSON.stringify(pod.spec)).toContain(`"${allowed}"`);
      expect(conditionOf(await place.run(name), "Accepted")).toMatchObject({ status: "True" });
    },
    60_000,
  );
});

test("a spec that is too large for a status is refused with the list that makes it so, and recovers", async () => {
  const name = nextModel();
  const blacklist = Array.from({ length: 4000 }, (_, at) => `station-${String(at)}`);
  await place.create(name, { model: name, source: { blacklist } });
  const run = await place.whenProgressing(name, "InputTooLarge");
  expect(conditionOf(run, "Accepted")).toMatchObject({
    status: "False",
    message: expect.stringContaining("the 4000 entries of source.blacklist"),
  });
  await place.patchSpec(name, { source: { blacklist: blacklist.slice(0, 10) } });
  await place.podOf(name);
}, 60_000);
