import { isDeepStrictEqual } from "node:util";

import type { RetrainRunStatus } from "../../contract/status.ts";
import type { RunSeen } from "../reconcile/seen.ts";
import { withUnread } from "./unread-items.ts";

/** An operation of a JSON patch (RFC 6902). */
export type Operation =
  | { readonly op: "add" | "replace"; readonly path: string; readonly value: unknown }
  | { readonly op: "remove"; readonly path: string };

/**
 * The JSON patch that makes the run's status this one, refused as a conflict when the object is no longer of this version. Fields
 * that a newer definition has stay, in the items of lists too. No merge patch: that cannot write a null, and the frozen input has some.
 */
export function statusPatch(
  run: Pick<RunSeen, "status" | "written">,
  to: RetrainRunStatus,
  resourceVersion: string,
): readonly Operation[] {
  const sameObject: Operation = { op: "replace", path: "/metadata/resourceVersion", value: resourceVersion };
  const [before, after] = [present(run.status), present(to)];
  if (before.size === 0)
    return [sameObject, { op: "add", path: "/status", value: Object.fromEntries(after) }];
  const removed = [...before.keys()].filter((field) => !after.has(field));
  const changed = [...after].filter(([field, value]) => !isDeepStrictEqual(value, before.get(field)));
  const whole = withUnread(run, Object.fromEntries(changed));
  return [
    sameObject,
    ...removed.map((field) => ({ op: "remove", path: `/status/${field}` }) as const),
    ...Object.entries(whole).map(
      ([field, value]) => ({ op: "add", path: `/status/${field}`, value }) as const,
    ),
  ];
}

const present = (status: RetrainRunStatus): ReadonlyMap<string, unknown> =>
  new Map(Object.entries(status).filter(([, value]) => value !== undefined));
