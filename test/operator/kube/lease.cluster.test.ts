import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { startControlPlane, type TestControlPlane } from "../../support/control-plane.ts";
import { elector, type Elector } from "./electors.ts";

let plane: TestControlPlane;
beforeAll(async () => {
  plane = await startControlPlane();
}, 60_000);
afterAll(async () => {
  await plane[Symbol.asyncDispose]();
});

const leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
const stand = (name: string, identity: string): Promise<Elector> => elector(plane, { name, identity });
const specOf = async (name: string) => (await plane.ask(`${leases}/${name}`)).object["spec"];
const merge = (name: string, body: object) =>
  plane.ask(`${leases}/${name}`, { method: "PATCH", type: "application/merge-patch+json", body });
const create = (name: string, spec?: object, annotations?: object) =>
  plane.ask(leases, { method: "POST", body: { metadata: { name, annotations }, spec } });

describe("of those who stand for a Lease", () => {
  test("exactly one gets it", async () => {
    const electors = await Promise.all(["a", "b", "c", "d", "e"].map((identity) => stand("one", identity)));
    await Promise.all(electors.map(({ lease }) => lease.attempt()));
    const held = electors.filter(({ lease }) => lease.isHeld());
    expect(held.map(({ changes }) => changes)).toEqual([[true]]);
    expect(electors.flatMap(({ failures }) => failures)).toEqual([]);
    expect(await specOf("one")).toEqual({
      holderIdentity: held[0]?.holders[0],
      leaseDurationSeconds: 15,
      leaseTransitions: 0,
      acquireTime: "2026-12-01T03:00:00.000000Z",
      renewTime: "2026-12-01T03:00:00.000000Z",
    });
    for (const each of electors) await each[Symbol.asyncDispose]();
  });

  test("the next one waits for the whole duration after the last renewal that it saw", async () => {
    await using a = await stand("waits", "a");
    await using b = await stand("waits", "b");
    await a.lease.attempt();
    await b.lease.attempt();
    b.clock.advance(14_999);
    a.clock.advance(9000);
    await a.lease.attempt();
    await b.lease.attempt();
    b.clock.advance(14_999);
    await b.lease.attempt();
    expect([b.changes, b.holders]).toEqual([[], ["a"]]);
    b.clock.advance(1);
    await b.lease.attempt();
    expect([b.lease.isHeld(), b.changes]).toEqual([true, [true]]);
    expect(await specOf("waits")).toMatchObject({ holderIdentity: "b", leaseTransitions: 1 });
  });

  test("who has lost it learns that with the next try, and by whom", async () => {
    await using a = await stand("lost", "a");
    await a.lease.attempt();
    await merge("lost", { spec: { holderIdentity: "by hand" } });
    await a.lease.attempt();
    expect([a.lease.isHeld(), a.changes, a.holders]).toEqual([false, [true, false], ["a", "by hand"]]);
  });
});

describe("a renewal", () => {
  test("does not ask wall clocks", async () => {
    await using a = await stand("skew", "a");
    await using b = await stand("skew", "b");
    a.clock.setWallClock("1999-01-01T00:00:00Z");
    await a.lease.attempt();
    b.clock.setWallClock("2040-01-01T00:00:00Z");
    await b.lease.attempt();
    expect([a.lease.isHeld(), b.lease.isHeld()]).toEqual([true, false]);
    a.clock.setWallClock("1980-01-01T00:00:00Z");
    await a.lease.attempt();
    expect([a.lease.isHeld(), a.changes]).toEqual([true, [true]]);
  });

  test("keeps when the Lease was taken, and counts no transition", async () => {
    await using a = await stand("renewed", "a");
    await a.lease.attempt();
    a.clock.advance(2000);
    await a.lease.attempt();
    expect(await specOf("renewed")).toMatchObject({
      leaseTransitions: 0,
      acquireTime: "2026-12-01T03:00:00.000000Z",
      renewTime: "2026-12-01T03:00:02.000000Z",
    });
  });
});

describe("a holder that was stopped past its deadline", () => {
  test("says so at the first question, without a timer", async () => {
    await using a = await stand("stopped", "a");
    await a.lease.attempt();
    a.clock.advance(9999);
    expect(a.lease.isHeld()).toBe(true);
    expect(a.lease.secondsToExpiry()).toBeCloseTo(5.001);
    a.clock.advance(1);
    expect([a.lease.isHeld(), a.clock.sleeping]).toEqual([false, 0]);
    expect(() => a.lease.secondsToExpiry()).toThrow(
      "Cannot write: a does not hold the Lease default/stopped, or not any more",
    );
  });

  test("has it again when nobody took it meanwhile, and tells both", async () => {
    await using a = await stand("resumed", "a");
    await a.lease.attempt();
    a.clock.advance(60_000);
    await a.lease.attempt();
    expect([a.lease.isHeld(), a.changes]).toEqual([true, [true, false, true]]);
    expect(await specOf("resumed")).toMatchObject({ leaseTransitions: 0 });
  });

  test("does not have it again when another had it in between, released or not", async () => {
    await using a = await stand("between", "a");
    await using b = await stand("between", "b");
    await a.lease.attempt();
    await b.lease.attempt();
    b.clock.advance(15_000);
    await b.lease.attempt();
    a.clock.advance(15_000);
    await a.lease.attempt();
    expect([a.changes, b.changes]).toEqual([[true, false], [true]]);
  });
});

describe("released", () => {
  test("it is free at once", async () => {
    await using a = await stand("released", "a");
    await using b = await stand("released", "b");
    await a.lease.attempt();
    await b.lease.attempt();
    const releasing = a.lease.release();
    expect([a.lease.isHeld(), a.changes]).toEqual([false, [true, false]]);
    await releasing;
    expect(await specOf("released")).toMatchObject({ holderIdentity: "", leaseDurationSeconds: 1 });
    await b.lease.attempt();
    expect([b.lease.isHeld(), b.holders]).toEqual([true, ["a", "", "b"]]);
    expect(await specOf("released")).toMatchObject({ leaseDurationSeconds: 15, leaseTransitions: 1 });
  });

  test("by somebody who does not hold it, it stays as it is", async () => {
    await using a = await stand("kept", "a");
    await using b = await stand("kept", "b");
    await a.lease.attempt();
    await b.lease.release();
    expect(await specOf("kept")).toMatchObject({ holderIdentity: "a" });
    expect(b.failures).toEqual([]);
  });
});

describe("a Lease that was deleted", () => {
  test("is made again by its holder", async () => {
    await using a = await stand("deleted", "a");
    await a.lease.attempt();
    await plane.ask(`${leases}/deleted`, { method: "DELETE" });
    await a.lease.attempt();
    expect([a.lease.isHeld(), a.changes, a.failures]).toEqual([true, [true], []]);
  });

  test("is not taken by another as long as its holder may count on it", async () => {
    await using a = await stand("vanished", "a");
    await using b = await stand("vanished", "b");
    await a.lease.attempt();
    await b.lease.attempt();
    await plane.ask(`${leases}/vanished`, { method: "DELETE" });
    b.clock.advance(14_999);
    await b.lease.attempt();
    expect(b.lease.isHeld()).toBe(false);
    b.clock.advance(1);
    await b.lease.attempt();
    expect(b.lease.isHeld()).toBe(true);
  });
});

describe("a Lease that somebody else made", () => {
  test.each([
    { what: "without a spec", name: "no-spec", spec: undefined, waits: 0, transitions: 0 },
    { what: "of nobody", name: "nobody", spec: { holderIdentity: "" }, waits: 0, transitions: 0 },
    { what: "with a holder alone", name: "bare", spec: { holderIdentity: "x" }, waits: 15, transitions: 0 },
    {
      what: "that was taken six times, for a minute",
      name: "longer",
      spec: { holderIdentity: "x", leaseDurationSeconds: 60, leaseTransitions: 6 },
      waits: 60,
      transitions: 7,
    },
  ])("$what is taken after $waits s", async ({ name, spec, waits, transitions }) => {
    expect((await create(name, spec, { mine: "kept" })).message).toBe("");
    await using a = await stand(name, "a");
    await a.lease.attempt();
    expect(a.lease.isHeld()).toBe(waits === 0);
    a.clock.advance(waits * 1000 - 1);
    await a.lease.attempt();
    expect(a.lease.isHeld()).toBe(waits === 0);
    a.clock.advance(1);
    await a.lease.attempt();
    expect([a.lease.isHeld(), a.failures]).toEqual([true, []]);
    const { object } = await plane.ask(`${leases}/${name}`);
    expect(object).toMatchObject({
      metadata: { annotations: { mine: "kept" } },
      spec: { holderIdentity: "a", leaseDurationSeconds: 15, leaseTransitions: transitions },
    });
  });

  test("or edits while it is held stays with its holder", async () => {
    await using a = await stand("edited", "a");
    await a.lease.attempt();
    await merge("edited", { metadata: { annotations: { by: "hand" } } });
    await a.lease.attempt();
    expect([a.lease.isHeld(), a.changes]).toEqual([true, [true]]);
  });
});
