import { inspect } from "node:util";

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";

import type { Fence } from "../../../operator/kube/api.ts";
import { NotLeader } from "../../../operator/kube/lease-fence.ts";
import { configMap, configMaps, failureOf, startKubeScene, type KubeScene } from "./kube-scene.ts";

const at = { resource: configMaps, namespace: "default" };
const one = { ...at, name: "one" };
const path = "/api/v1/namespaces/default/configmaps";

let scene: KubeScene;
beforeAll(async () => {
  scene = await startKubeScene();
  await scene.kube.create(at, configMap("one"));
}, 60_000);
beforeEach(() => {
  scene.forget();
});
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
});

const codes = (): number[] => scene.calls.map(({ code }) => code);

test("many calls share one TLS connection", async () => {
  await scene.kube.get(one);
  const before = scene.proxy.counts.connections;
  for (let calls = 0; calls < 50; calls++) await scene.kube.get(one);
  expect(scene.proxy.counts.connections).toBe(before);
});

describe("a server that does not answer", () => {
  const hurried = () => scene.within({ callSeconds: 0.3 });

  test("is given up at the deadline, and not asked again", async () => {
    scene.inject({ kind: "stall" }, ({ method }) => method === "GET");
    const failure = await failureOf(hurried().get(one));
    expect(failure).toMatchObject({ status: 0, reason: "Deadline" });
    expect(failure.message).toBe(
      "Cannot get configmaps default/one: the API server gave no answer within 0.3 s",
    );
    expect(codes()).toEqual([0]);
  });

  test("or stops in the middle of an answer is given up at the deadline", async () => {
    scene.inject({ kind: "halfOpen", bytes: 20 }, () => true);
    expect(await failureOf(hurried().get(one))).toMatchObject({ status: 0, reason: "Deadline" });
  });
});

describe("a server that is too busy (429)", () => {
  const busy = (seconds: number) =>
    ({ kind: "status", status: 429, headers: { "retry-after": String(seconds) } }) as const;

  test("is asked again after the time that it names, with a POST too", async () => {
    scene.inject(busy(1), ({ method, nth }) => method === "POST" && nth === 1);
    const before = performance.now();
    await scene.kube.create(at, configMap("patient"));
    expect(performance.now() - before).toBeGreaterThan(990);
    expect(codes()).toEqual([429, 201]);
  });

  test("is not waited for beyond the deadline", async () => {
    scene.inject(busy(60), () => true);
    const failure = await failureOf(scene.kube.get(one));
    expect(failure).toMatchObject({ status: 429, reason: "TooManyRequests", retryAfterSeconds: 60 });
    expect(codes()).toEqual([429]);
  });

  test("is asked four times at most", async () => {
    scene.inject(busy(0), () => true);
    expect(await failureOf(scene.kube.create(at, configMap("never")))).toMatchObject({ status: 429 });
    expect(codes()).toEqual([429, 429, 429, 429]);
  });
});

describe("a server in trouble", () => {
  test("is asked again by a read after a 500", async () => {
    scene.inject({ kind: "status", status: 500 }, ({ nth }) => nth <= 2);
    expect(await scene.kube.get(one)).toMatchObject({ metadata: { name: "one" } });
    expect(codes()).toEqual([500, 500, 200]);
  });

  test("is asked again by a read after a broken connection", async () => {
    scene.inject({ kind: "drop" }, ({ nth }) => nth === 1);
    expect(await scene.kube.get(one)).toMatchObject({ metadata: { name: "one" } });
    expect(codes()).toEqual([0, 200]);
  });

  test("is asked again by a read whose answer breaks off", async () => {
    scene.inject({ kind: "cutAfterBytes", bytes: 20 }, ({ nth }) => nth === 1);
    expect(await scene.kube.get(one)).toMatchObject({ metadata: { name: "one" } });
    expect(codes()).toEqual([200, 200]);
  });

  test("is not asked again by a write after a 500", async () => {
    scene.inject({ kind: "status", status: 500 }, () => true);
    expect(await failureOf(scene.kube.create(at, configMap("no")))).toMatchObject({ status: 500 });
    expect(codes()).toEqual([500]);
  });

  test("may have done what a write wanted before the connection broke: it is not asked again", async () => {
    scene.inject({ kind: "loseAnswer" }, ({ method }) => method === "POST");
    const failure = await failureOf(scene.kube.create(at, configMap("lost")));
    expect(failure).toMatchObject({ status: 0, reason: "Unreachable" });
    expect(codes()).toEqual([0]);
    expect(await scene.kube.get({ ...at, name: "lost" })).toMatchObject({ metadata: { name: "lost" } });
  });
});

describe("a fenced write", () => {
  /** It may be sent so many times. */
  const sendings = (most: number): Fence => {
    let asked = -1; // Once for the deadline.
    return () => {
      if (asked++ === most) throw new NotLeader("not any more");
      return 15;
    };
  };

  test.each([429, 401])("is not sent again after a %i when it may not be", async (status) => {
    scene.inject({ kind: "status", status, headers: { "retry-after": "0" } }, () => true);
    const name = `fenced-${String(status)}`;
    await expect(scene.kube.create(at, configMap(name), sendings(1))).rejects.toThrow(NotLeader);
    expect(codes()).toEqual([status]);
    scene.forget();
    await scene.kube.create(at, configMap(name), sendings(1));
    expect(codes()).toEqual([201]);
  });

  test("is given up when it must have arrived", async () => {
    scene.inject({ kind: "stall" }, ({ method }) => method !== "GET");
    const { metadata } = await scene.kube.get(one);
    const fence = (): number => 0.2;
    const writes = [
      scene.kube.create(at, configMap("slow"), fence),
      scene.kube.patch(one, { data: {} }, fence),
      scene.kube.replace(one, { ...configMap("one"), metadata }, fence),
      scene.kube.remove({ ...one, uid: metadata.uid }, fence),
    ];
    for (const failure of await Promise.all(writes.map((write) => failureOf(write)))) {
      expect(failure).toMatchObject({ reason: "Deadline" });
      expect(failure.message).toContain("no answer within 0.2 s");
    }
  });
});

describe("an error", () => {
  test("says what was tried and what the server said", async () => {
    const again = await failureOf(scene.kube.create(at, configMap("one")));
    expect(again).toMatchObject({ status: 409, reason: "AlreadyExists" });
    expect(again.message).toBe(
      'Cannot create configmaps default/one: 409 AlreadyExists: configmaps "one" already exists',
    );
  });

  test("tells a conflict from a name that is taken", async () => {
    const { metadata } = await scene.kube.get(one);
    await scene.kube.patch(one, { data: { changed: "yes" } });
    const stale = { metadata: { resourceVersion: metadata.resourceVersion }, data: { changed: "again" } };
    expect(await failureOf(scene.kube.patch(one, stale))).toMatchObject({ status: 409, reason: "Conflict" });
    const replaced = { ...configMap("one"), metadata };
    expect(await failureOf(scene.kube.replace(one, replaced))).toMatchObject({ reason: "Conflict" });
  });

  test("is one of its own when something else than an API server answers", async () => {
    scene.inject({ kind: "status", status: 200 }, () => true);
    expect(await failureOf(scene.kube.get(one))).toMatchObject({ status: 200, reason: "Unreadable" });
    expect(codes()).toEqual([200]);
  });

  test.each([{ kind: "drop" }, { kind: "stall" }, { kind: "status", status: 500 }] as const)(
    "never holds the token: $kind $status",
    async (fault) => {
      scene.inject(fault, () => true);
      const failure = await failureOf(scene.within({ callSeconds: 0.2 }).get(one));
      expect(inspect(failure, { depth: 10, showHidden: true })).not.toContain(scene.plane.token);
    },
  );
});

test("metrics are told verb, resource and time of each exchange", async () => {
  await scene.kube.patch(one, { data: { a: "b" } });
  const seen = { verb: "patch", resource: "configmaps", code: 200, seconds: expect.any(Number) };
  expect(scene.calls).toEqual([seen]);
  expect(scene.asked.map(({ path: asked }) => asked)).toEqual([`${path}/one`]);
});
