import { setTimeout } from "node:timers/promises";

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";

import { resources, type Place, type WatchEvent } from "../../../operator/kube/api.ts";
import type { Limits } from "../../../operator/kube/client.ts";
import { configMap, configMaps, failureOf, startKubeScene, type KubeScene } from "./kube-scene.ts";

const at = { resource: configMaps, namespace: "default" };

let scene: KubeScene;
beforeAll(async () => {
  scene = await startKubeScene();
}, 60_000);
beforeEach(() => {
  scene.forget();
});
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
});

interface Watching extends AsyncDisposable {
  /** The next event; undefined when the watch has ended; rejects with what broke it. */
  next(): Promise<WatchEvent | undefined>;
  stop(): void;
}

/** A watch from now on: it sees each ConfigMap that is created after this. */
async function watchMaps(limits: Partial<Limits> = {}): Promise<Watching> {
  const { resourceVersion } = await scene.kube.list(at, { fresh: true });
  return follow(at, resourceVersion, limits);
}

function follow(place: Place, resourceVersion: string, limits: Partial<Limits> = {}): Watching {
  const ending = new AbortController();
  const stop = (): void => {
    ending.abort();
  };
  const events = scene.within(limits).watch(place, { resourceVersion, signal: ending.signal });
  const iterator = events[Symbol.asyncIterator]();
  return {
    next: async () => {
      const step = await iterator.next();
      return step.done === true ? undefined : step.value;
    },
    stop,
    [Symbol.asyncDispose]: async () => {
      await iterator.return?.();
    },
  };
}

let made = 0;
async function createMap(): Promise<string> {
  const name = `map-${String(made++)}`;
  await scene.kube.create(at, configMap(name));
  return name;
}

const added = (name: string) => ({ type: "ADDED", object: { metadata: { name } } });

describe("a watch", () => {
  test("tells changes as they come, then a bookmark, and ends when the server ends it", async () => {
    await using watching = await watchMaps({ watchSeconds: 3 });
    const name = await createMap();
    expect(await watching.next()).toMatchObject(added(name));
    await scene.kube.patch({ ...at, name }, { data: { a: "b" } });
    expect(await watching.next()).toMatchObject({ type: "MODIFIED", object: { data: { a: "b" } } });
    expect(await watching.next()).toEqual({
      type: "BOOKMARK",
      resourceVersion: expect.stringMatching(/^[1-9]\d*$/u),
    });
    for (let event; (event = await watching.next()) !== undefined;) expect(event.type).toBe("BOOKMARK");
  });

  test("asks for bookmarks, and for an end between 5 and 10 minutes", async () => {
    await using watching = await watchMaps();
    await createMap();
    await watching.next();
    const { query } = scene.asked.findLast(({ query: each }) => each.has("watch")) ?? { query: undefined };
    expect(query?.get("allowWatchBookmarks")).toBe("true");
    expect(query?.get("timeoutSeconds")).toBe("300");
  });

  test("outlives the deadline of the call that began it", async () => {
    await using watching = await watchMaps({ callSeconds: 0.5 });
    await createMap();
    await watching.next();
    await setTimeout(700);
    const name = await createMap();
    expect(await watching.next()).toMatchObject(added(name));
  });

  test("ends quietly when it is told to, before it has begun too", async () => {
    await using watching = await watchMaps();
    await createMap();
    await watching.next();
    const next = watching.next();
    watching.stop();
    expect(await next).toBeUndefined();
    await using unbegun = await watchMaps();
    unbegun.stop();
    expect(await unbegun.next()).toBeUndefined();
  });

  test("closes its connection when its reader leaves", async () => {
    await using watching = await watchMaps();
    await createMap();
    await watching.next();
    await watching[Symbol.asyncDispose]();
    while (scene.proxy.running() > 0) await setTimeout(10);
    expect(scene.proxy.running()).toBe(0);
  });
});

describe("a watch that breaks", () => {
  test("is Unreachable when the connection is gone", async () => {
    await using watching = await watchMaps();
    await createMap();
    await watching.next();
    const next = failureOf(watching.next());
    expect(scene.proxy.dropAll()).toBe(1);
    const failure = await next;
    expect(failure).toMatchObject({ status: 0, reason: "Unreachable" });
    expect(failure.message).toMatch(/^Cannot watch configmaps default: the API server cannot be reached: /u);
  });

  test("tells nothing of an event that came in part", async () => {
    scene.inject({ kind: "cutAfterBytes", bytes: 100 }, ({ query }) => query.has("watch"));
    await using watching = await watchMaps();
    await createMap();
    expect(await failureOf(watching.next())).toMatchObject({ reason: "Unreachable" });
  });

  test("is Silent when the connection looks alive and brings nothing", async () => {
    await using watching = await watchMaps({ silenceSeconds: 0.5 });
    await createMap();
    await watching.next();
    expect(scene.proxy.halfOpenAll()).toBe(1);
    await createMap();
    const failure = await failureOf(watching.next());
    expect(failure).toMatchObject({ status: 0, reason: "Silent" });
    expect(failure.message).toBe("Cannot watch configmaps default any longer: nothing has come for 0.5 s");
  });

  test("is not Silent because its reader is slow", async () => {
    await using watching = await watchMaps({ silenceSeconds: 0.5 });
    await createMap();
    await watching.next();
    await setTimeout(700);
    const name = await createMap();
    expect(await watching.next()).toMatchObject(added(name));
  });

  test("is a 410 when the server no longer has the version", async () => {
    const runs = { resource: resources.retrainRuns, namespace: "default" };
    await using watching = follow(runs, "1");
    expect(await failureOf(watching.next())).toMatchObject({ status: 410, reason: "Expired" });
  });
});

describe("a watch that cannot begin", () => {
  const isWatch = ({ query }: { readonly query: URLSearchParams }) => query.has("watch");

  test("is asked for again when the server is busy or in trouble", async () => {
    await using watching = await watchMaps();
    const name = await createMap();
    scene.forget();
    scene.inject({ kind: "status", status: 429 }, ({ nth }) => nth === 1);
    scene.inject({ kind: "status", status: 500 }, ({ nth }) => nth === 2);
    expect(await watching.next()).toMatchObject(added(name));
    expect(scene.calls.map(({ verb, code }) => `${verb} ${String(code)}`)).toEqual([
      "watch 429",
      "watch 500",
      "watch 200",
    ]);
  });

  test("is given up at the call's deadline", async () => {
    scene.inject({ kind: "stall" }, isWatch);
    await using watching = await watchMaps({ callSeconds: 0.3 });
    expect(await failureOf(watching.next())).toMatchObject({ reason: "Deadline" });
  });

  test("ends quietly when it is told to while it waits", async () => {
    scene.inject({ kind: "status", status: 429, headers: { "retry-after": "10" } }, isWatch);
    await using watching = await watchMaps();
    const next = watching.next();
    while (scene.calls.every(({ verb }) => verb !== "watch")) await setTimeout(10);
    watching.stop();
    expect(await next).toBeUndefined();
  });
});
