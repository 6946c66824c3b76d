import { KubeError, resources, type Kube, type KubeObject, type Named } from "./api.ts";
import type { Clock } from "./clock.ts";
import { hasStatus } from "./failure.ts";
import type { LeaseRecord } from "./lease-record.ts";

export type LeaseKube = Pick<Kube, "get" | "create" | "replace">;

/** One Lease of the cluster. Writing gives undefined when somebody else was faster: created, changed or deleted it. */
export class LeaseCalls {
  readonly #kube: LeaseKube;
  readonly #at: Named;

  constructor(kube: LeaseKube, namespace: string, name: string) {
    this.#kube = kube;
    this.#at = { resource: resources.leases, namespace, name };
  }

  async read(): Promise<KubeObject | undefined> {
    return await without(404, this.#kube.get(this.#at));
  }

  async create(spec: LeaseRecord): Promise<KubeObject | undefined> {
    const { namespace, name } = this.#at;
    const lease = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { namespace, name },
      spec,
    };
    return await without(409, this.#kube.create(this.#at, lease));
  }

  /** `lease` as it was read or written: its resourceVersion goes with it, and one that was deleted is a conflict too. */
  async replace(lease: KubeObject, spec: LeaseRecord): Promise<KubeObject | undefined> {
    return await without(409, this.#kube.replace(this.#at, { ...lease, spec }));
  }
}

async function without<T>(status: number, call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (hasStatus(error, status)) return undefined;
    throw error;
  }
}

/** A call may take longer than a Lease lasts: it is given up with a KubeError, and what it answers later is not heard. */
export async function inTime<T>(milliseconds: number, clock: Clock, call: Promise<T>): Promise<T> {
  const answered = new AbortController();
  const late = clock.sleep(milliseconds, answered.signal).then((): never => {
    const limit = `${String(Math.round(milliseconds))} ms`;
    throw new KubeError(`The API server has not answered about the Lease within ${limit}`, {
      status: 0,
      reason: "Deadline",
    });
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    answered.abort();
  }
}
