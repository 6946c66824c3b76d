import { describe, expect, test } from "@jest/globals";

import { KubeError } from "../../../../operator/kube/api.ts";
import type { Reviews } from "../../../../operator/kube/reviews.ts";
import { createIdentity } from "../../../../operator/sidecar/identity/create-identity.ts";
import type { Identity } from "../../../../operator/sidecar/identity/identity.ts";
import { handClock } from "../../kube/hand-clock.ts";

const anna = { name: "anna", uid: "1", groups: ["bikes"], extra: {} };
const headers = { authorization: "Bearer secret" };
const here = "10.0.0.1";
const right = { verb: "list", resource: "retrainruns" } as const;

/** An API server that counts what it is asked; the real one is asked elsewhere. */
function open(answers: Partial<Reviews> = {}): {
  identity: Identity;
  asked: string[];
  pass: (ms: number) => void;
} {
  const asked: string[] = [];
  const clock = handClock();
  clock.advance(1);
  const reviews: Reviews = {
    token: (...given) => {
      asked.push("token");
      return answers.token?.(...given) ?? Promise.resolve(anna);
    },
    access: (...given) => {
      asked.push("access");
      return answers.access?.(...given) ?? Promise.resolve(true);
    },
  };
  const identity = createIdentity({ reviews, audience: "a", namespace: "bikes", clock });
  return {
    identity,
    asked,
    pass: (milliseconds) => {
      clock.advance(milliseconds);
    },
  };
}

const unreachable = () => Promise.reject(new KubeError("down", { status: 0, reason: "Unreachable" }));

describe("createIdentity()", () => {
  test("asks once for what is asked at the same time and within the minute", async () => {
    const { identity, asked, pass } = open();
    await Promise.all([identity.authenticate(headers, here), identity.authenticate(headers, here)]);
    pass(60_000);
    await identity.authenticate(headers, here);
    expect(asked).toEqual(["token"]);
    pass(1);
    await identity.authenticate(headers, here);
    expect(asked).toEqual(["token", "token"]);
  });

  test("asks for each token, each user and each right", async () => {
    const { identity, asked } = open();
    await identity.authenticate(headers, here);
    await identity.authenticate({ authorization: "Bearer other" }, here);
    for (const user of [
      anna,
      { ...anna, uid: "2" },
      { ...anna, groups: [] },
      { ...anna, extra: { a: ["b"] } },
      anna,
    ]) {
      await identity.may(user, right);
    }
    await identity.may(anna, { ...right, name: "may" });
    expect(asked).toEqual(["token", "token", "access", "access", "access", "access", "access"]);
  });

  test("remembers that a token is not known for half a minute", async () => {
    const { identity, asked, pass } = open({ token: () => Promise.resolve(undefined) });
    for (const wait of [30_000, 1, 0]) {
      await expect(identity.authenticate(headers, here)).rejects.toMatchObject({ status: 401 });
      pass(wait);
    }
    expect(asked).toHaveLength(2);
  });

  test("lets nobody in and refuses nobody when the API server cannot be asked, and asks again at once", async () => {
    const { identity, asked } = open({ token: unreachable, access: unreachable });
    for (const ask of [() => identity.authenticate(headers, here), () => identity.may(anna, right)]) {
      for (let count = 0; count < 2; count++)
        await expect(ask()).rejects.toMatchObject({ status: 503, type: "cluster-unavailable" });
    }
    expect(asked).toEqual(["token", "token", "access", "access"]);
  });
});
