import type { IncomingHttpHeaders } from "node:http";

import type { ReviewedUser } from "../../kube/reviews.ts";

/** Who asks, as the API server's TokenReview says it. */
export type User = ReviewedUser;

/** What somebody has to be allowed in the sidecar's namespace; the API group follows from the resource. */
export interface ResourceRight {
  readonly verb: "get" | "list" | "create" | "patch";
  readonly resource: "retrainruns" | "pods";
  readonly subresource?: string;
  readonly name?: string;
}

/** To get a path that stands for no object. */
export interface PathRight {
  readonly nonResourcePath: "/metrics";
}

export type Right = ResourceRight | PathRight;

/** Who asks and what they may do, as the cluster says. Both throw the Problem 503 when it cannot be asked. */
export interface Identity {
  /** The user of the request's bearer token. Throws the Problem 401, or 429 for too many unknown tokens from one address. */
  authenticate(headers: IncomingHttpHeaders, address: string): Promise<User>;
  may(user: User, right: Right): Promise<boolean>;
}
