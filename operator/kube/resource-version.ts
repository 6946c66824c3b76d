/**
 * Whether one resource version is later than the other. Those of one kind are whole numbers without leading zeros, of any length,
 * that grow with each change: etcd's revision, which Kubernetes 1.35 made part of the API's contract.
 */
export const isLater = (one: string, other: string): boolean =>
  one.length === other.length ? one > other : one.length > other.length;
