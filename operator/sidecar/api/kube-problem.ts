import { KubeError } from "../../kube/api.ts";
import { Problem } from "../http/problem.ts";

const usualWaitSeconds = 5;

/** Waits for the API server's answer; what it refuses becomes a Problem that says so. Other errors stay what they are. */
export async function fromKube<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof KubeError ? problemOf(error) : error;
  }
}

/** As `fromKube`, undefined for what is not there. */
export async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof KubeError && error.status === 404) return undefined;
    throw error instanceof KubeError ? problemOf(error) : error;
  }
}

/**
 * Whoever asked can do something about what they asked for (quota, admission policy, rules of the spec); about the sidecar's own rights, or
 * an API server that does not answer, they cannot: 503.
 */
export function problemOf(error: KubeError): Problem {
  const { status, message, reason } = error;
  const said = { cause: error, extra: { reason } };
  if (lacksRights(error)) return new Problem(503, "sidecar-lacks-rights", ownRights(message), said);
  if (status === 404) return new Problem(404, "not-found", message, said);
  if (status === 409) return new Problem(409, "conflict", `${message}; ask again`, said);
  if (status === 403) return new Problem(403, "refused-by-cluster", message, said);
  if (status === 400 || status === 422) return new Problem(422, "refused-by-cluster", message, said);
  const headers = { "Retry-After": String(Math.max(error.retryAfterSeconds ?? usualWaitSeconds, 1)) };
  return new Problem(503, "api-server-unavailable", message, { ...said, headers });
}

/** RBAC refuses the sidecar itself; quotas and policies are 403 too. */
const lacksRights = ({ status, message }: KubeError): boolean =>
  status === 401 || (status === 403 && /\bcannot \w+ resource\b/u.test(message));

const ownRights = (message: string): string =>
  `${message}: the sidecar's own ServiceAccount lacks this right; an administrator has to grant it`;
