import { setTimeout } from "node:timers/promises";

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { z } from "zod";

import type { Access } from "../../../hack/cluster/api.ts";
import { createKube } from "../../../operator/kube/client.ts";
import { loadConnection, type Connection } from "../../../operator/kube/connection.ts";
import { EventRecorder } from "../../../operator/kube/events.ts";
import { startControlPlane, type TestControlPlane } from "../../support/control-plane.ts";
import { startFaultProxy, type FaultProxy } from "../../support/fault-proxy.ts";
import { handClock, type HandClock } from "./hand-clock.ts";
import { occurrence } from "./occurrences.ts";

let plane: TestControlPlane;
let proxy: FaultProxy;
const connections: Connection[] = [];
beforeAll(async () => {
  plane = await startControlPlane();
  proxy = await startFaultProxy(plane);
  await plane.ask("/api/v1/namespaces/default/configmaps", {
    method: "POST",
    body: { metadata: { name: "run" } },
  });
}, 60_000);
afterAll(async () => {
  for (const connection of connections) await connection[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await plane[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await plane.ask(eventsPath, { method: "DELETE" });
});
afterEach(() => {
  for (const fault of injected.splice(0)) fault[Symbol.dispose]();
});

const eventsPath = "/apis/events.k8s.io/v1/namespaces/default/events";
const injected: Disposable[] = [];
/** Until the test's end. */
const inject = (...fault: Parameters<FaultProxy["inject"]>) => injected.push(proxy.inject(...fault));

interface Recording {
  readonly recorder: EventRecorder;
  readonly clock: HandClock;
  /** What was dropped: count and why. */
  readonly dropped: [number, string][];
}

async function recording(access: Access = proxy.access): Promise<Recording> {
  const connection = await loadConnection({ kind: "explicit", access });
  connections.push(connection);
  const clock = handClock(new Date().toISOString());
  const dropped: [number, string][] = [];
  const recorder = new EventRecorder({
    kube: createKube(connection, { random: () => 0 }),
    clock,
    component: "retrain.velo/operator",
    instance: `operator-${"x".repeat(200)}`,
    onDropped: (_occurrence, count, error) => dropped.push([count, String(error)]),
  });
  return { recorder, clock, dropped };
}

const Events = z.object({
  items: z.array(
    z.looseObject({ note: z.string(), series: z.looseObject({ count: z.number() }).optional() }),
  ),
});

async function written(): Promise<z.infer<typeof Events>["items"]> {
  const { object } = await plane.ask(eventsPath);
  return Events.parse(object).items;
}

const counts = async (): Promise<number[]> => (await written()).map(({ series }) => series?.count ?? 1);

/** Real time passes: the recorder writes in the background. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let polls = 0; !(await condition()); polls++) {
    if (polls === 1000) throw new Error(`It never came true that ${condition.toString()}`);
    await setTimeout(5);
  }
}

describe("an Event", () => {
  test("is read by people with kubectl", async () => {
    const { recorder, dropped } = await recording();
    const { object } = await plane.ask("/api/v1/namespaces/default/configmaps/run");
    const { uid } = z.looseObject({ uid: z.string() }).parse(object["metadata"]);
    const regarding = { ...occurrence().regarding, uid };
    for (let times = 0; times < 3; times++) recorder.record(occurrence({ regarding }));
    recorder.record(
      occurrence({ regarding, type: "Warning", reason: "Unschedulable", message: "No node fits" }),
    );
    await recorder.flush();
    const listed = (await plane.kubectl(["get", "events"])).split("\n");
    expect(listed).toContainEqual(
      expect.stringMatching(/Normal +Queued +configmap\/run +Another run of bikes is active/u),
    );
    const wide = await plane.kubectl(["get", "events", "-o", "wide"]);
    expect(wide).toMatch(/Queued .* 3 +run\./u);
    const described = await plane.kubectl(["describe", "configmap", "run"]);
    expect(described).toMatch(/Normal +Queued +\S+ \(x3 over \S+\) +retrain.velo\/operator/u);
    expect(described).toMatch(/Warning +Unschedulable +\S+ +retrain.velo\/operator\S* +No node fits/u);
    expect(dropped).toEqual([]);
  });

  test("has no series before it has happened twice", async () => {
    const { recorder, clock } = await recording();
    recorder.record(occurrence());
    await recorder.flush();
    expect((await written())[0]).not.toHaveProperty("series");
    clock.advance(1000);
    recorder.record(occurrence());
    await recorder.flush();
    const lastObservedTime = clock.now().toISOString().replace("Z", "000Z");
    expect(await written()).toEqual([expect.objectContaining({ series: { count: 2, lastObservedTime } })]);
  });

  test("takes every text", async () => {
    const { recorder, dropped } = await recording();
    recorder.record(
      occurrence({ message: "é".repeat(2000), reason: "R".repeat(300), action: "A".repeat(300) }),
    );
    recorder.record(occurrence({ regarding: { ...occurrence().regarding, name: "a.".repeat(126) + "b" } }));
    await recorder.flush();
    expect(dropped).toEqual([]);
    expect((await written()).map(({ note }) => Buffer.byteLength(note)).sort()).toEqual([1023, 30]);
  });
});

describe("what happens again and again", () => {
  test("is written at once the second time, then every ten seconds", async () => {
    const { recorder, clock } = await recording();
    recorder.record(occurrence());
    await until(async () => (await counts()).includes(1));
    recorder.record(occurrence());
    await until(async () => (await counts()).includes(2));
    const { requests } = proxy.counts;
    for (let times = 0; times < 100; times++) recorder.record(occurrence());
    await until(() => clock.sleeping === 1);
    clock.advance(9999);
    expect([await counts(), proxy.counts.requests - requests]).toEqual([[2], 0]);
    clock.advance(1);
    await until(async () => (await counts()).includes(102));
    expect(proxy.counts.requests - requests).toBe(1);
  });

  test("begins anew when somebody has deleted the Event", async () => {
    const { recorder, dropped } = await recording();
    recorder.record(occurrence());
    await recorder.flush();
    await plane.ask(eventsPath, { method: "DELETE" });
    recorder.record(occurrence());
    await recorder.flush();
    expect([await counts(), dropped]).toEqual([[2], []]);
  });
});

describe("an API server that does not take it", () => {
  test("is asked again after 2 s and 4 s, then no more", async () => {
    const { recorder, clock, dropped } = await recording();
    inject({ kind: "status", status: 500 }, () => true);
    const { requests } = proxy.counts;
    recorder.record(occurrence());
    for (const milliseconds of [2000, 4000]) {
      await until(() => clock.sleeping === 1);
      clock.advance(milliseconds);
    }
    await until(() => dropped.length === 1);
    expect(dropped).toEqual([[1, expect.stringContaining("500")]]);
    expect([proxy.counts.requests - requests, clock.sleeping]).toEqual([3, 0]);
  });

  test("gets it with the next try", async () => {
    const { recorder, clock, dropped } = await recording();
    inject({ kind: "drop" }, ({ nth }) => nth === 1);
    recorder.record(occurrence());
    await until(() => clock.sleeping === 1);
    clock.advance(2000);
    await until(async () => (await counts()).length === 1);
    expect(dropped).toEqual([]);
  });

  test("and had it already, its answer being lost, has it once", async () => {
    const { recorder, clock, dropped } = await recording();
    inject({ kind: "loseAnswer" }, ({ nth }) => nth === 1);
    recorder.record(occurrence());
    await until(() => clock.sleeping === 1);
    recorder.record(occurrence());
    clock.advance(2000);
    await until(async () => (await counts()).includes(2));
    expect([await counts(), dropped]).toEqual([[2], []]);
  });

  test.each([
    { what: "rights", token: "nobody's", namespace: "default", says: "401" },
    { what: "a namespace", token: undefined, namespace: "nowhere", says: "404" },
  ])("for want of $what is asked once a minute", async ({ token, namespace, says }) => {
    const { recorder, clock, dropped } = await recording({ ...proxy.access, token: token ?? plane.token });
    const lost = occurrence({ regarding: { ...occurrence().regarding, namespace } });
    recorder.record(lost);
    await until(() => dropped.length === 1);
    const { requests } = proxy.counts;
    for (let times = 0; times < 50; times++) recorder.record(lost);
    await until(() => clock.sleeping === 1);
    expect(proxy.counts.requests).toBe(requests);
    clock.advance(60_000);
    await until(() => dropped.length === 2);
    expect(dropped).toEqual([
      [1, expect.stringContaining(says)],
      [50, expect.stringContaining(says)],
    ]);
  });
});

describe("flush()", () => {
  test("writes what would wait", async () => {
    const { recorder, clock } = await recording();
    for (let times = 0; times < 3; times++) {
      recorder.record(occurrence());
      await recorder.flush();
    }
    expect([await counts(), clock.sleeping]).toEqual([[3], 0]);
  });

  test("has an end when nobody answers", async () => {
    const { recorder, clock, dropped } = await recording();
    inject({ kind: "stall" }, () => true);
    for (const message of ["one", "two"]) recorder.record(occurrence({ message }));
    const flushing = recorder.flush();
    clock.advance(5000);
    await flushing;
    expect(dropped).toEqual([
      [1, "Error: There was no time left"],
      [1, "Error: There was no time left"],
    ]);
  });

  test("with nothing to write is done", async () => {
    const { recorder, clock } = await recording();
    await recorder.flush();
    expect(clock.sleeping).toBe(0);
  });
});
