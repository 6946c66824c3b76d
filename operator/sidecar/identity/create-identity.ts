import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

import { LRUCache } from "lru-cache";

import { resources } from "../../kube/api.ts";
import type { Clock } from "../../kube/clock.ts";
import type { Attributes, Reviews } from "../../kube/reviews.ts";
import { Problem } from "../http/problem.ts";
import { bearerToken, unknownToken } from "./bearer.ts";
import type { Identity, Right, User } from "./identity.ts";
import { Remembered } from "./remembered.ts";
import { staticUser, type StaticToken } from "./static-token.ts";
import { Strangers } from "./strangers.ts";

export interface IdentityParts {
  readonly reviews: Reviews;
  readonly audience: string;
  /** Where rights are asked for. */
  readonly namespace: string;
  readonly clock: Pick<Clock, "monotonic">;
  readonly staticToken?: StaticToken;
  /** Tokens that nobody knows, of one address. */
  readonly strangersPerMinute?: number;
}

const seconds = { user: 60, unknown: 30, allowed: 300, denied: 30 };
const most = 10_000;

/** Asks the API server, and remembers its answers for so long that revoking a right takes 5 minutes at most, and a token 1. */
export function createIdentity({
  reviews,
  audience,
  namespace,
  clock,
  staticToken,
  strangersPerMinute: perMinute = 60,
}: IdentityParts): Identity {
  const userOf = tokenReviewer(new Strangers({ perMinute, clock }), (token) =>
    reviews.token(token, audience),
  );
  const users = new Remembered<{ readonly user: User | undefined }>({
    most,
    clock,
    milliseconds: ({ user }) => 1000 * (user === undefined ? seconds.unknown : seconds.user),
  });
  const rights = new Remembered<{ readonly allowed: boolean }>({
    most,
    clock,
    milliseconds: ({ allowed }) => 1000 * (allowed ? seconds.allowed : seconds.denied),
  });
  return {
    authenticate: async (headers: IncomingHttpHeaders, address: string) => {
      const token = bearerToken(headers);
      if (await staticToken?.knows(token)) return staticUser;
      const ask = async () => ({ user: await userOf(token, address) });
      const { user } = await answered(users.get(hash(token), ask));
      if (user === undefined) throw unknownToken(audience);
      return user;
    },
    may: async (user: User, right: Right) => {
      const attributes = attributesOf(right, namespace);
      const ask = async () => ({ allowed: await reviews.access(user, attributes) });
      const { allowed } = await answered(rights.get(hash(JSON.stringify([user, attributes])), ask));
      return allowed;
    },
  };
}

type ReviewToken = (token: string) => Promise<User | undefined>;

/** Who was known before is asked about whatever others at their address try: behind a proxy all have one. */
function tokenReviewer(
  strangers: Strangers,
  review: ReviewToken,
): (token: string, address: string) => Promise<User | undefined> {
  const seenBefore = new LRUCache<string, true>({ max: most });
  return async (token, address) => {
    const key = hash(token);
    if (seenBefore.has(key)) return await review(token);
    strangers.take(address);
    const user = await review(token).catch((error: unknown) => {
      strangers.giveBack(address);
      throw error;
    });
    if (user === undefined) return undefined;
    strangers.giveBack(address);
    seenBefore.set(key, true);
    return user;
  };
}

/** So that no token is kept. */
const hash = (text: string): string => createHash("sha256").update(text).digest("base64");

function attributesOf(right: Right, namespace: string): Attributes {
  if ("nonResourcePath" in right) return { verb: "get", path: right.nonResourcePath };
  return { ...right, group: groups[right.resource], namespace };
}

const groups = { retrainruns: resources.retrainRuns.group, pods: resources.pods.group };

/** Nobody is refused, and nobody let in, because the API server cannot be asked. */
async function answered<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    const detail = "Cannot ask the Kubernetes API server who you are and what you may do; try again";
    throw new Problem(503, "cluster-unavailable", detail, { cause, headers: { "Retry-After": "5" } });
  }
}
