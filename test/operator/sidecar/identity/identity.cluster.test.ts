import { setTimeout } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { loadConnection, type Connection } from "../../../../operator/kube/connection.ts";
import { createReviews } from "../../../../operator/kube/reviews.ts";
import { createIdentity } from "../../../../operator/sidecar/identity/create-identity.ts";
import type { Identity, Right } from "../../../../operator/sidecar/identity/identity.ts";
import { startControlPlane, type TestControlPlane } from "../../../support/control-plane.ts";
import {
  audience,
  createAccount,
  grantRole,
  grantSidecar,
  tokenOf,
  userRules,
} from "../../../support/sidecar-rights.ts";
import { handClock, type HandClock } from "../../kube/hand-clock.ts";

const namespace = "bikes";
const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`;
const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
const creation: Right = { verb: "create", resource: "retrainruns" };
let plane: TestControlPlane;
let connection: Connection;
beforeAll(async () => {
  plane = await startControlPlane();
  const body = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
  await plane.ask("/api/v1/namespaces", { method: "POST", body });
  const access = await grantSidecar(plane, { namespace, name: "sidecar" });
  connection = await loadConnection({ kind: "explicit", access });
}, 60_000);
afterAll(async () => {
  await connection[Symbol.asyncDispose]();
  await plane[Symbol.asyncDispose]();
});

/** With the rights of a sidecar on the real API server, and an hour hand that the test moves. */
function open(): { readonly identity: Identity; readonly clock: HandClock } {
  const clock = handClock();
  clock.advance(1);
  const reviews = createReviews(connection, { random: Math.random });
  return { identity: createIdentity({ reviews, audience, namespace, clock }), clock };
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const nobody = { status: 401, type: "unauthorized" };

/** The API server itself remembers tokens and rights for some seconds. */
async function untilRejected(ask: () => Promise<unknown>): Promise<unknown> {
  for (;;) {
    try {
      await ask();
    } catch (error) {
      return error;
    }
    await setTimeout(250);
  }
}

const here = "10.0.0.1";

describe("authenticate()", () => {
  test("knows a ServiceAccount by a token for our audience", async () => {
    await createAccount(plane, { namespace, name: "anna" });
    const token = await tokenOf(plane, { namespace, name: "anna" });
    const user = await open().identity.authenticate(bearer(token), here);
    expect(user.name).toBe(`system:serviceaccount:${namespace}:anna`);
    expect(user.groups).toEqual(
      expect.arrayContaining([
        "system:serviceaccounts",
        `system:serviceaccounts:${namespace}`,
        "system:authenticated",
      ]),
    );
    expect(user.uid).not.toBe("");
  });

  test("does not know a token for the API server itself or for another audience", async () => {
    await createAccount(plane, { namespace, name: "bert" });
    for (const wishes of [{}, { audience: "another" }]) {
      const token = await tokenOf(plane, { namespace, name: "bert" }, wishes);
      await expect(open().identity.authenticate(bearer(token), here)).rejects.toMatchObject(nobody);
    }
  });

  test.each([
    ["no header", {}],
    ["another scheme", { authorization: "Basic YTpi" }],
    ["no token", { authorization: "Bearer " }],
    ["nonsense", { authorization: "Bearer nonsense" }],
    ["what looks like a token", { authorization: "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0." }],
  ])("does not know %s", async (_, headers) => {
    await expect(open().identity.authenticate(headers, here)).rejects.toMatchObject(nobody);
  });
});

describe("authenticate(), of a token that was good", () => {
  test("a token that ends with an object is known for a minute more at most", async () => {
    const account = { namespace, name: "carla" };
    await createAccount(plane, account);
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "short" } };
    const { object } = await plane.ask(`/api/v1/namespaces/${namespace}/secrets`, {
      method: "POST",
      body: secret,
    });
    const { uid } = object["metadata"] as { uid: string };
    const token = await tokenOf(plane, account, {
      audience,
      boundTo: { kind: "Secret", name: "short", uid },
    });
    const { identity, clock } = open();
    await identity.authenticate(bearer(token), here);
    await plane.ask(`/api/v1/namespaces/${namespace}/secrets/short`, { method: "DELETE" });
    clock.advance(60_000);
    await expect(identity.authenticate(bearer(token), here)).resolves.toMatchObject({
      uid: expect.any(String),
    });
    const fresh = () => open().identity.authenticate(bearer(token), here);
    expect(await untilRejected(fresh)).toMatchObject(nobody);
    clock.advance(1);
    await expect(identity.authenticate(bearer(token), here)).rejects.toMatchObject(nobody);
  }, 60_000);

  test("the token of a deleted account is known no longer", async () => {
    const account = { namespace, name: "dora" };
    await createAccount(plane, account);
    const token = await tokenOf(plane, account);
    await open().identity.authenticate(bearer(token), here);
    await plane.ask(`${accounts}/dora`, { method: "DELETE" });
    expect(await untilRejected(() => open().identity.authenticate(bearer(token), here))).toMatchObject(
      nobody,
    );
  }, 60_000);
});

describe("may()", () => {
  test("is what RBAC says: a right that is taken away is gone within 5 minutes, one that is given there within 30 s", async () => {
    const account = { namespace, name: "emil" };
    await createAccount(plane, account);
    const { identity, clock } = open();
    const user = await identity.authenticate(bearer(await tokenOf(plane, account)), here);
    expect(await identity.may(user, creation)).toBe(false);
    await grantRole(plane, account, userRules.edit);
    await untilSo(() => open().identity.may(user, creation));
    clock.advance(30_000);
    expect(await identity.may(user, creation)).toBe(false);
    clock.advance(1);
    expect(await identity.may(user, creation)).toBe(true);
    await plane.ask(`${rbac}/${namespace}-emil`, { method: "DELETE" });
    await untilSo(async () => !(await open().identity.may(user, creation)));
    clock.advance(300_000);
    expect(await identity.may(user, creation)).toBe(true);
    clock.advance(1);
    expect(await identity.may(user, creation)).toBe(false);
  }, 60_000);

  test("asks for the sidecar's namespace and no other, for the subresource and the name", async () => {
    const account = { namespace, name: "frida" };
    await createAccount(plane, account);
    const one = {
      apiGroups: ["retrain.velo"],
      resources: ["retrainruns/force"],
      resourceNames: ["may"],
      verbs: ["create"],
    };
    await grantRole(plane, account, [one]);
    const { identity } = open();
    const user = await identity.authenticate(bearer(await tokenOf(plane, account)), here);
    const force: Right = { ...creation, subresource: "force", name: "may" };
    await untilSo(() => open().identity.may(user, force));
    expect(await identity.may(user, creation)).toBe(false);
    expect(await identity.may(user, { ...force, name: "june" })).toBe(false);
    expect(await identity.may(user, { nonResourcePath: "/metrics" })).toBe(false);
    const reviews = createReviews(connection, { random: Math.random });
    const elsewhere = createIdentity({ reviews, audience, namespace: "default", clock: handClock() });
    expect(await elsewhere.may(user, force)).toBe(false);
  }, 60_000);
});

async function untilSo(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await setTimeout(100);
}
