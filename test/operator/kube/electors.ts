import type { Access } from "../../../hack/cluster/api.ts";
import type { Clock } from "../../../operator/kube/clock.ts";
import { createKube } from "../../../operator/kube/client.ts";
import { loadConnection } from "../../../operator/kube/connection.ts";
import { Lease, leaseTiming } from "../../../operator/kube/lease.ts";
import { handClock, type HandClock } from "./hand-clock.ts";

export interface Elector<T extends Clock = HandClock> extends AsyncDisposable {
  readonly lease: Lease;
  readonly clock: T;
  /** What it was told, in order. */
  readonly changes: boolean[];
  readonly holders: string[];
  readonly failures: string[];
}

interface Candidacy {
  readonly name: string;
  readonly identity: string;
  readonly namespace?: string;
  readonly durationSeconds?: number;
}

/** Somebody with a clock of its own who stands for a Lease; 15 s, to be renewed within 10. */
export const elector = (access: Access, candidacy: Candidacy): Promise<Elector> =>
  electorWith(access, candidacy, handClock());

export async function electorWith<T extends Clock>(
  access: Access,
  { name, identity, namespace = "default", durationSeconds = 15 }: Candidacy,
  clock: T,
): Promise<Elector<T>> {
  const connection = await loadConnection({ kind: "explicit", access });
  const told = { changes: [] as boolean[], holders: [] as string[], failures: [] as string[] };
  const lease = new Lease({
    ...leaseTiming(durationSeconds),
    kube: createKube(connection, { random: () => 0 }),
    namespace,
    name,
    identity,
    clock,
    onChange: (held) => told.changes.push(held),
    onHolder: (holder) => told.holders.push(holder),
    onFailure: (error) => told.failures.push(String(error)),
  });
  return { ...told, lease, clock, [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose]() };
}
