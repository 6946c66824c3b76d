import { z } from "zod";

import type { KubeObject } from "./api.ts";
import { microTime } from "./clock.ts";

/** A Lease's spec. All of it may be missing: others write Leases too, by hand as well. Fields that are not ours are kept. */
const LeaseRecord = z.looseObject({
  holderIdentity: z.string().optional(),
  leaseDurationSeconds: z.number().optional(),
  leaseTransitions: z.number().optional(),
  acquireTime: z.string().optional(),
  renewTime: z.string().optional(),
});
export type LeaseRecord = z.infer<typeof LeaseRecord>;

export const recordOf = (lease: KubeObject): LeaseRecord => LeaseRecord.parse(lease["spec"] ?? {});

/** The record by which `identity` takes the Lease, or renews it when it has it already. */
export function heldBy(
  identity: string,
  before: LeaseRecord,
  { durationSeconds, now }: { readonly durationSeconds: number; readonly now: Date },
): LeaseRecord {
  const time = microTime(now);
  const renewed = {
    ...before,
    holderIdentity: identity,
    leaseDurationSeconds: durationSeconds,
    renewTime: time,
  };
  if (before.holderIdentity === identity) return renewed;
  return { ...renewed, acquireTime: time, leaseTransitions: (before.leaseTransitions ?? -1) + 1 };
}

/** Nobody's, so that the next one need not wait. */
export const released = (before: LeaseRecord, now: Date): LeaseRecord => ({
  ...before,
  holderIdentity: "",
  leaseDurationSeconds: 1,
  renewTime: microTime(now),
});
