import { beforeEach, describe, expect, test } from "@jest/globals";

import { KubeError } from "../../../../operator/kube/api.ts";
import { createIdentity } from "../../../../operator/sidecar/identity/create-identity.ts";
import type { Identity } from "../../../../operator/sidecar/identity/identity.ts";
import { handClock, type HandClock } from "../../kube/hand-clock.ts";

const anna = { name: "anna", uid: "1", groups: [], extra: {} };
const here = "10.0.0.1";

let clock: HandClock;
let asked: number;
let isAway: boolean;
let identity: Identity;
beforeEach(() => {
  clock = handClock();
  clock.advance(1);
  [asked, isAway] = [0, false];
  // An API server that knows one token.
  const token = async (given: string) => {
    asked++;
    await Promise.resolve();
    if (isAway) throw new KubeError("down", { status: 0, reason: "Unreachable" });
    return given === "good" ? anna : undefined;
  };
  identity = createIdentity({
    reviews: { token, access: () => Promise.resolve(true) },
    audience: "a",
    namespace: "bikes",
    clock,
    strangersPerMinute: 3,
  });
});

/** The HTTP status that a token comes to. */
async function statusOf(token: string, address = here): Promise<number> {
  try {
    await identity.authenticate({ authorization: `Bearer ${token}` }, address);
    return 200;
  } catch (error) {
    return (error as { status: number }).status;
  }
}
const statusesOf = (tokens: readonly string[], address?: string): Promise<number[]> =>
  Promise.all(tokens.map((token) => statusOf(token, address)));
const many = ["a", "b", "c", "d", "e"];

describe("tokens that nobody knows", () => {
  test("are asked about a few times a minute for each address", async () => {
    expect(await statusesOf(many)).toEqual([401, 401, 401, 429, 429]);
    expect(asked).toBe(3);
    expect(await statusOf("f", "10.0.0.2")).toBe(401);
    clock.advance(59_999);
    expect(await statusOf("f")).toBe(429);
    clock.advance(1);
    expect(await statusOf("f")).toBe(401);
  });

  test("are counted one after the other as well, and say when to come again", async () => {
    for (const token of many.slice(0, 3)) await statusOf(token);
    const fourth = identity.authenticate({ authorization: "Bearer d" }, here);
    await expect(fourth).rejects.toMatchObject({
      type: "too-many-requests",
      headers: { "Retry-After": "60" },
    });
  });

  test("come from one host when their addresses of IPv6 share a network", async () => {
    const from = (host: number) => statusOf(`token-${String(host)}`, `2001:db8:1:1::${String(host)}`);
    expect(await Promise.all([1, 2, 3, 4].map(from))).toEqual([401, 401, 401, 429]);
    expect(await statusOf("f", "2001:db8:2::1")).toBe(401);
  });
});

describe("whoever is known", () => {
  test("counts as no stranger", async () => {
    for (let minute = 0; minute < 5; minute++) {
      expect(await statusesOf(["good", "good"])).toEqual([200, 200]);
      clock.advance(10_000);
    }
    expect(await statusesOf(many)).toEqual([401, 401, 401, 429, 429]);
  });

  test("is let in whatever others at the address try, also when the token has to be asked about again", async () => {
    await statusOf("good");
    clock.advance(50_000);
    expect(await statusesOf(many)).toEqual([401, 401, 401, 429, 429]);
    clock.advance(20_000);
    expect(await statusesOf(["f", "good"])).toEqual([429, 200]);
  });
});

test("an API server that cannot be asked counts against nobody", async () => {
  isAway = true;
  for (const token of many) expect(await statusOf(token)).toBe(503);
  isAway = false;
  expect(await statusesOf(many)).toEqual([401, 401, 401, 429, 429]);
});
