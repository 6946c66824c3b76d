import { isDeepStrictEqual } from "node:util";

import type { RetrainRunStatus } from "../../contract/status.ts";

/** An operation of a JSON patch (RFC 6902). */
export type Operation =
  | { readonly op: "add" | "replace"; readonly path: string; readonly value: unknown }
  | { readonly op: "remove"; readonly path: string };

/**
 * The JSON patch that makes one status of the other, refused as a conflict when the object is no longer of this version. Fields
 * that a newer definition has stay. No merge patch: that cannot write a null, and the frozen input has some.
 */
export function statusPatch(
  from: RetrainRunStatus,
  to: RetrainRunStatus,
  resourceVersion: string,
): readonly Operation[] {
  const sameObject: Operation = { op: "replace", path: "/metadata/resourceVersion", value: resourceVersion };
  const [before, after] = [present(from), present(to)];
  if (before.size === 0)
    return [sameObject, { op: "add", path: "/status", value: Object.fromEntries(after) }];
  const removed = [...before.keys()].filter((field) => !after.has(field));
  const changed = [...after].filter(([field, value]) => !isDeepStrictEqual(value, before.get(field)));
  return [
    sameObject,
    ...removed.map((field) => ({ op: "remove", path: `/status/${field}` }) as const),
    ...changed.map(([field, value]) => ({ op: "add", path: `/status/${field}`, value }) as const),
  ];
}

const present = (status: RetrainRunStatus): ReadonlyMap<string, unknown> =>
  new Map(Object.entries(status).filter(([, value]) => value !== undefined));
