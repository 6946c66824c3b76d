import { z } from "zod";

import type { Caller, Request } from "./call.ts";
import type { KubeOptions } from "./client.ts";
import type { Connection } from "./connection.ts";
import { callForJson } from "./request.ts";

/** Who a token belongs to, as the API server knows it. */
export interface ReviewedUser {
  readonly name: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** What somebody may do, with an object or with a path that stands for none. */
export type Attributes =
  | {
      readonly verb: string;
      readonly group: string;
      readonly resource: string;
      readonly subresource?: string;
      readonly namespace: string;
      readonly name?: string;
    }
  | { readonly verb: string; readonly path: string };

/** What the API server says of other people's tokens and rights. Failures are KubeErrors. */
export interface Reviews {
  /** Undefined for a token that is none, has expired, or was made for another audience. */
  token(token: string, audience: string): Promise<ReviewedUser | undefined>;
  access(user: ReviewedUser, attributes: Attributes): Promise<boolean>;
}

/** Of the API server behind a connection, which stays the caller's. */
export function createReviews(connection: Connection, options: Omit<KubeOptions, "limits">): Reviews {
  const { random, onCall = () => undefined } = options;
  const caller: Caller = { connection, random, onCall };
  return {
    token: (token, audience) => tokenReview(caller, token, audience),
    access: (user, attributes) => accessReview(caller, user, attributes),
  };
}

const TokenReview = z.object({
  status: z.object({
    authenticated: z.boolean().default(false),
    audiences: z.array(z.string()).default([]),
    user: z
      .object({
        username: z.string().default(""),
        uid: z.string().default(""),
        groups: z.array(z.string()).default([]),
        extra: z.record(z.string(), z.array(z.string())).default({}),
      })
      .prefault({}),
  }),
});

async function tokenReview(
  caller: Caller,
  token: string,
  audience: string,
): Promise<ReviewedUser | undefined> {
  const spec = { token, audiences: [audience] };
  const { status } = await review(caller, authentication, spec, TokenReview);
  const { username: name, ...rest } = status.user;
  // An authenticator that knows no audiences says that a token is good and names none.
  if (!status.authenticated || !status.audiences.includes(audience) || name === "") return undefined;
  return { name, ...rest };
}

const AccessReview = z.object({ status: z.object({ allowed: z.boolean() }) });

async function accessReview(caller: Caller, user: ReviewedUser, attributes: Attributes): Promise<boolean> {
  const { name, ...rest } = user;
  const field = "path" in attributes ? "nonResourceAttributes" : "resourceAttributes";
  const spec = { user: name, ...rest, [field]: attributes };
  const { status } = await review(caller, authorization, spec, AccessReview);
  return status.allowed;
}

interface Kind {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
}

const authentication = { group: "authentication.k8s.io", kind: "TokenReview", plural: "tokenreviews" };
const authorization = {
  group: "authorization.k8s.io",
  kind: "SubjectAccessReview",
  plural: "subjectaccessreviews",
};
const deadlineSeconds = 10;

function review<T>(
  caller: Caller,
  { group, kind, plural }: Kind,
  spec: object,
  shape: z.ZodType<T>,
): Promise<T> {
  const request: Request = {
    verb: "create",
    resource: plural,
    task: `create ${plural}`,
    method: "POST",
    path: `/apis/${group}/v1/${plural}`,
    body: { apiVersion: `${group}/v1`, kind, spec },
    deadlineSeconds,
  };
  return callForJson(caller, request, shape);
}
