import { expect, test } from "@jest/globals";
import * as fc from "fast-check";

import { gone, refusal, unreachable } from "./faulty-kube.ts";
import { listWatchScene, type Item, type ListWatchScene } from "./list-watch-scene.ts";

interface Step {
  readonly says: string;
  readonly to: (scene: ListWatchScene) => void | Promise<void>;
}

const change = (mayLose: boolean): fc.Arbitrary<Step> =>
  fc
    .tuple(
      fc.constantFrom("create", "update", "remove"),
      fc.constantFrom("a", "b", "c"),
      mayLose ? fc.boolean() : fc.constant(false),
    )
    .map(([what, name, isLost]) => ({
      says: `${what} ${name}${isLost ? ", untold" : ""}`,
      to: ({ kube }) => {
        if (kube.has(name) !== (what === "create")) kube[what](name, { isLost });
      },
    }));

const regular: fc.Arbitrary<Step> = fc.constantFrom("bookmark", "close", "compact").map((what) => ({
  says: what,
  to: ({ kube }) => {
    kube[what]();
  },
}));

const errors = [unreachable, gone, refusal(429, "TooManyRequests", 20), refusal(500, "InternalError")];
const fault: fc.Arbitrary<Step> = fc
  .tuple(fc.constantFrom("list", "next watch", "watch"), fc.constantFrom(...errors))
  .map(([what, error]) => ({
    says: `the ${what} fails: ${error.message}`,
    to: ({ kube }) => {
      if (what === "watch") kube.breakWatch(error);
      else (what === "list" ? kube.listFaults : kube.watchFaults).push(error);
    },
  }));

const wait: fc.Arbitrary<Step> = fc
  .constantFrom(0, 1, 60, 700)
  .map((seconds) => ({ says: `${String(seconds)} s pass`, to: ({ pass }) => pass(seconds) }));

const steps = (mayLose: boolean): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.oneof({ weight: 4, arbitrary: change(mayLose) }, { weight: 2, arbitrary: wait }, regular, fault),
    {
      maxLength: 60,
    },
  );

/** What a handler knows that hears nothing but the changes, and what it was told that cannot be. */
class Mirror {
  readonly versions = new Map<string, string>();
  readonly errors: string[] = [];

  readonly onChange = (before: Item | undefined, after: Item | undefined): void => {
    const { uid = "" } = after ?? before ?? {};
    const known = this.versions.get(uid);
    if (known !== before?.version || known === after?.version) this.errors.push(`${uid}: ${String(known)}`);
    if (after === undefined) this.versions.delete(uid);
    else this.versions.set(uid, after.version);
  };
}

const stateOf = ({ list }: ListWatchScene): Map<string, string> =>
  new Map([...list.values()].map(({ uid, version }) => [uid, version]));

async function afterAll(taken: readonly Step[]): Promise<{ scene: ListWatchScene; mirror: Mirror }> {
  const mirror = new Mirror();
  const scene = listWatchScene({ onChange: mirror.onChange });
  for (const step of taken) {
    await step.to(scene);
    await scene.settle();
    expect(mirror.errors).toEqual([]);
    expect(stateOf(scene)).toEqual(mirror.versions);
  }
  scene.kube.listFaults.length = 0;
  scene.kube.watchFaults.length = 0;
  return { scene, mirror };
}

const missed = ({ news }: ListWatchScene): readonly string[] =>
  news.filter((told) => told.startsWith("missed"));

test("whatever happens, the handlers are told a history that is possible, and the truth soon after", async () => {
  await fc.assert(
    fc.asyncProperty(steps(false), async (taken) => {
      const { scene, mirror } = await afterAll(taken);
      for (let tries = 0; tries < 3; tries++) await scene.pass(60);
      expect(mirror.versions).toEqual(scene.kube.state);
      expect(missed(scene)).toEqual([]);
      await scene.stop();
    }),
    { numRuns: 300 },
  );
});

test("where the watch does not tell everything, it is the truth after the regular list", async () => {
  await fc.assert(
    fc.asyncProperty(steps(true), async (taken) => {
      const { scene, mirror } = await afterAll(taken);
      for (let lists = 0; lists < 2; lists++) await scene.pass(601);
      expect(mirror.versions).toEqual(scene.kube.state);
      await scene.stop();
    }),
    { numRuns: 300 },
  );
});
