import { KubeError } from "./kube/api.ts";
import { NotLeader } from "./kube/lease-fence.ts";

/** Kinds of failure of a reconcile pass, as metrics count them. */
export const failureKinds = [
  /** Somebody else changed the object first; the next pass sees it. */
  "conflict",
  /** Rights do not suffice, or the token is not accepted; quota and admission answer so too. */
  "forbidden",
  /** The object or its namespace is not there any more. */
  "gone",
  /** The API server asks to be asked less. */
  "throttled",
  /** No answer, or none in time. */
  "unreachable",
  /** The API server could not: 5xx. */
  "server",
  /** The API server refuses what it was sent. */
  "refused",
  /** Leadership was over before the write. */
  "not-leader",
  /** A defect of the operator. */
  "bug",
] as const;
export type FailureKind = (typeof failureKinds)[number];

const byStatus = new Map<number, FailureKind>([
  [0, "unreachable"],
  [401, "forbidden"],
  [403, "forbidden"],
  [404, "gone"],
  [409, "conflict"],
  [410, "gone"],
  [429, "throttled"],
]);

/** The kind of anything that a pass has thrown; of several failures the first one's. */
export function failureKind(error: unknown): FailureKind {
  if (error instanceof NotLeader) return "not-leader";
  if (error instanceof AggregateError) return failureKind(error.errors[0]);
  if (!(error instanceof KubeError)) return "bug";
  return byStatus.get(error.status) ?? (error.status >= 500 ? "server" : "refused");
}
