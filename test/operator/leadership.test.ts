import { setImmediate } from "node:timers/promises";

import { expect, test } from "@jest/globals";

import { NotLeader } from "../../operator/kube/lease-fence.ts";
import { Leadership } from "../../operator/leadership.ts";
import { createLog } from "../../operator/log.ts";
import { handClock, type HandClock } from "./kube/hand-clock.ts";
import { HeldUpLeases } from "./kube/held-up-leases.ts";

interface Scene {
  readonly leases: HeldUpLeases;
  readonly clock: HandClock;
  readonly changes: boolean[];
  readonly leadership: Leadership;
}

/** A process that leads `velo`. */
async function leading(): Promise<Scene> {
  const [leases, clock, changes] = [new HeldUpLeases(), handClock(), [] as boolean[]];
  const leadership = new Leadership({
    kube: leases,
    config: { leaseName: "operator", leaseSeconds: 15, identity: "a" },
    clock,
    log: createLog("error"),
    onChange: (_namespace, leads) => changes.push(leads),
  });
  leadership.follow("velo");
  await settle();
  expect([leadership.leads("velo"), leases.holder]).toEqual([true, "a"]);
  return { leases, clock, changes, leadership };
}

/** Lets what can happen now happen. */
async function settle(): Promise<void> {
  for (let turns = 0; turns < 10; turns++) await setImmediate();
}

test("a namespace that is given up and followed again is led again only after the release", async () => {
  const { leases, changes, leadership } = await leading();
  leases.holdUp();
  leadership.leave("velo");
  leadership.follow("velo");
  await settle();
  expect([leadership.leads("velo"), leases.waiting]).toEqual([false, ["get"]]);
  leases.goOn();
  await settle();
  expect([leadership.leads("velo"), leases.holder]).toEqual([true, "a"]);
  expect(leases.holders).toEqual(["a", "", "a"]);
  expect(changes).toEqual([true, false, true]);
  await leadership.leaveAll();
  expect(leases.holders).toEqual(["a", "", "a", ""]);
});

test("a release that is given up does not take the Lease from the one that follows", async () => {
  const { leases, clock, leadership } = await leading();
  leases.holdUp();
  leadership.leave("velo");
  leadership.follow("velo");
  await settle();
  leases.letPass();
  clock.advance(5000);
  await settle();
  expect([leadership.leads("velo"), leases.waiting]).toEqual([true, ["get"]]);
  leases.goOn();
  await settle();
  expect([leadership.leads("velo"), leases.holder]).toEqual([true, "a"]);
});

test("a namespace that is given up twice is released when both releases are over", async () => {
  const { leases, leadership } = await leading();
  const waiting = async (): Promise<readonly string[]> => {
    leases.goOn();
    leases.holdUp();
    await settle();
    return leases.waiting;
  };
  leases.holdUp();
  leadership.leave("velo");
  leadership.follow("velo");
  leadership.leave("velo");
  expect([await waiting(), await waiting(), await waiting()]).toEqual([["get"], ["replace"], ["get"]]);
  let isOver = false;
  const over = leadership.leaveAll().then(() => (isOver = true));
  await settle();
  expect(isOver).toBe(false);
  leases.goOn();
  await over;
  expect([leadership.leads("velo"), leases.holder]).toEqual([false, ""]);
});

test("a write must have arrived before another process may lead, and is refused where this one does not", async () => {
  const { clock, leadership } = await leading();
  expect(leadership.secondsToExpiry("velo")).toBeCloseTo(15);
  clock.advance(9000);
  expect(leadership.secondsToExpiry("velo")).toBeCloseTo(6);
  leadership.leave("velo");
  expect(() => leadership.secondsToExpiry("velo")).toThrow(NotLeader);
});
