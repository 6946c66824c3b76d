import { setTimeout } from "node:timers/promises";

import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";

import { systemClock } from "../../../operator/kube/clock.ts";
import { startControlPlane, type TestControlPlane } from "../../support/control-plane.ts";
import { startFaultProxy, type FaultProxy } from "../../support/fault-proxy.ts";
import { elector, electorWith, type Elector } from "./electors.ts";

let plane: TestControlPlane;
let proxy: FaultProxy;
beforeAll(async () => {
  plane = await startControlPlane();
  proxy = await startFaultProxy(plane);
}, 60_000);
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await plane[Symbol.asyncDispose]();
});

afterEach(() => {
  mend();
});

const injected: Disposable[] = [];
/** Until the test's end; the newest counts. */
const inject = (...fault: Parameters<FaultProxy["inject"]>) => injected.push(proxy.inject(...fault));
const mend = (): void => {
  for (const fault of injected.splice(0)) fault[Symbol.dispose]();
};

const specOf = async (name: string) =>
  (await plane.ask(`/apis/coordination.k8s.io/v1/namespaces/default/leases/${name}`)).object["spec"];

/** Real time passes: for conditions that come true by themselves. Longer than 20 s they do not. */
async function until(condition: () => boolean): Promise<void> {
  for (let polls = 0; !condition(); polls++) {
    if (polls === 4000) throw new Error(`It never came true that ${condition.toString()}`);
    await setTimeout(5);
  }
}

describe("without the API server", () => {
  test("a holder gives up before another can take over", async () => {
    await using a = await elector(proxy.access, { name: "cut-off", identity: "a" });
    await using b = await elector(plane, { name: "cut-off", identity: "b" });
    await a.lease.attempt();
    await b.lease.attempt();
    inject({ kind: "drop" }, () => true);
    for (const second of [2, 4, 6, 8]) {
      a.clock.advance(2000);
      await a.lease.attempt();
      expect([second, a.lease.isHeld()]).toEqual([second, true]);
    }
    a.clock.advance(2000);
    await a.lease.attempt();
    b.clock.advance(10_000);
    await b.lease.attempt();
    expect([a.changes, b.changes]).toEqual([[true, false], []]);
    b.clock.advance(5000);
    await b.lease.attempt();
    expect([a.lease.isHeld(), b.lease.isHeld()]).toEqual([false, true]);
    expect(a.failures).toHaveLength(1);
  });

  test("a silent one is given up after half the time, and asked again", async () => {
    await using a = await elector(proxy.access, { name: "silent", identity: "a" });
    await a.lease.attempt();
    a.clock.advance(2000);
    inject({ kind: "stall" }, ({ nth }) => nth === 1);
    const renewing = a.lease.attempt();
    await until(() => a.clock.sleeping === 1);
    a.clock.advance(5000);
    await renewing;
    expect(a.failures).toEqual([expect.stringContaining("not answered about the Lease within 5000 ms")]);
    await a.lease.attempt();
    a.clock.advance(9999);
    expect([a.lease.isHeld(), a.changes]).toEqual([true, [true]]);
  });

  test("a renewal counts from before it was sent", async () => {
    await using a = await elector(proxy.access, { name: "slow", identity: "a" });
    inject({ kind: "status", status: 429, headers: { "retry-after": "1" } }, ({ method, nth }) => {
      if (method !== "POST" || nth > 1) return false;
      a.clock.advance(4000);
      return true;
    });
    await a.lease.attempt();
    a.clock.advance(5999);
    expect(a.lease.isHeld()).toBe(true);
    a.clock.advance(1);
    expect(a.lease.isHeld()).toBe(false);
  });
});

describe("the loop", () => {
  test.each(["stall", "drop"] as const)("tells the loss to the second (%s)", async (kind) => {
    await using a = await elector(proxy.access, { name: `loop-${kind}`, identity: "a" });
    const { clock, failures, changes } = a;
    const end = new AbortController();
    const running = a.lease.run(end.signal);
    await until(() => changes.length === 1 && clock.sleeping === 1);
    inject({ kind: "stall" }, () => true);
    clock.advance(2000);
    await until(() => clock.sleeping === 1);
    clock.advance(5000);
    await until(() => failures.length === 1 && clock.sleeping === 1);
    inject({ kind }, () => true);
    clock.advance(2000);
    await until(() => failures.length === (kind === "drop" ? 2 : 1) && clock.sleeping === 1);
    expect(changes).toEqual([true]);
    clock.advance(1000);
    await until(() => changes.length === 2);
    mend();
    end.abort();
    await running;
    expect(await specOf(`loop-${kind}`)).toMatchObject({ holderIdentity: "" });
  });
});

describe("an answer that was lost", () => {
  test.each(["POST", "PUT"])("%s: the holder goes on", async (method) => {
    const name = `lost-${method.toLowerCase()}`;
    await using a = await elector(proxy.access, { name, identity: "a" });
    if (method === "PUT") await a.lease.attempt();
    inject({ kind: "loseAnswer" }, (asked) => asked.method === method && asked.nth === 1);
    a.clock.advance(2000);
    await a.lease.attempt();
    await a.lease.attempt();
    expect([a.lease.isHeld(), a.failures.length]).toEqual([true, 1]);
    expect(await specOf(name)).toMatchObject({ holderIdentity: "a", leaseTransitions: 0 });
  });
});

describe("what a try again cannot mend", () => {
  test.each([
    { what: "no such namespace", namespace: "nowhere", token: undefined, says: "404" },
    { what: "no right", namespace: "default", token: "nobody's", says: "401" },
  ])("$what is told once", async ({ namespace, token, says }) => {
    const access = { ...proxy.access, token: token ?? plane.token };
    await using a = await elector(access, { name: "told", identity: "a", namespace });
    for (let tries = 0; tries < 3; tries++) await a.lease.attempt();
    expect(a.failures).toEqual([expect.stringMatching(says)]);
    expect(a.lease.isHeld()).toBe(false);
  });
});

describe("with real clocks", () => {
  const real = (name: string, identity: string): Promise<Elector<typeof systemClock>> =>
    electorWith(identity === "a" ? proxy.access : plane, { name, identity, durationSeconds: 2 }, systemClock);

  test("the other takes over from a holder that is cut off, and never are there two", async () => {
    await using a = await real("two", "a");
    await using b = await real("two", "b");
    const end = new AbortController();
    const first = a.lease.run(end.signal);
    await until(() => a.lease.isHeld());
    const second = b.lease.run(end.signal);
    await until(() => b.holders.includes("a"));
    inject({ kind: "drop" }, () => true);
    let both = 0;
    await until(() => {
      if (a.lease.isHeld() && b.lease.isHeld()) both++;
      return b.lease.isHeld();
    });
    expect([both, a.lease.isHeld(), b.lease.isHeld()]).toEqual([0, false, true]);
    end.abort();
    await Promise.all([first, second]);
    expect(await specOf("two")).toMatchObject({ holderIdentity: "" });
  }, 60_000);

  test("a holder that ends hands over", async () => {
    await using a = await real("handed", "a");
    await using b = await real("handed", "b");
    const ends = [new AbortController(), new AbortController()] as const;
    const first = a.lease.run(ends[0].signal);
    await until(() => a.lease.isHeld());
    const second = b.lease.run(ends[1].signal);
    ends[0].abort();
    await first;
    await until(() => b.lease.isHeld());
    expect(a.changes.at(-1)).toBe(false);
    expect(await specOf("handed")).toMatchObject({ holderIdentity: "b" });
    ends[1].abort();
    await second;
  }, 60_000);
});
