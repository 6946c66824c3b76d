import type { Clock } from "./kube/clock.ts";
import { NotLeader } from "./kube/lease-fence.ts";
import type { LeaseKube } from "./kube/lease-calls.ts";
import { Lease, leaseTiming } from "./kube/lease.ts";
import type { OperatorConfig } from "./config.ts";
import type { Log } from "./log.ts";

export interface LeadershipParts {
  readonly kube: LeaseKube;
  readonly config: Pick<OperatorConfig, "leaseName" | "leaseSeconds" | "identity">;
  readonly clock: Clock;
  readonly log: Log;
  readonly onChange: (namespace: string, leads: boolean) => void;
}

interface Candidacy {
  readonly lease: Lease;
  readonly end: AbortController;
  readonly ended: Promise<void>;
}

/** Which namespaces this process may write in: one Lease each, so that two operators exclude each other where they overlap. */
export class Leadership {
  readonly #parts: LeadershipParts;
  readonly #candidacies = new Map<string, Candidacy>();
  /** Namespaces that were given up and whose Lease is being released. */
  readonly #ending = new Map<string, Promise<void>>();

  constructor(parts: LeadershipParts) {
    this.#parts = parts;
  }

  leads(namespace: string): boolean {
    return this.#candidacies.get(namespace)?.lease.isHeld() ?? false;
  }

  /** Until another process may write in the namespace, at the earliest. Throws NotLeader. */
  readonly secondsToExpiry = (namespace: string): number => {
    const candidacy = this.#candidacies.get(namespace);
    if (candidacy === undefined) throw new NotLeader(`Cannot write in ${namespace}: it is not followed`);
    return candidacy.lease.secondsToExpiry();
  };

  *leading(): Iterable<readonly [namespace: string, leads: boolean]> {
    for (const [namespace, { lease }] of this.#candidacies) yield [namespace, lease.isHeld()];
  }

  /** Stands for the namespace from now on, if it does not already. */
  follow(namespace: string): void {
    if (this.#candidacies.has(namespace)) return;
    const lease = this.#lease(namespace);
    const end = new AbortController();
    const ended = this.#stand(lease, end.signal, this.#ending.get(namespace));
    this.#candidacies.set(namespace, { lease, end, ended });
  }

  /** Gives the namespace up: its Lease is released. */
  leave(namespace: string): void {
    const candidacy = this.#candidacies.get(namespace);
    if (candidacy === undefined) return;
    this.#candidacies.delete(namespace);
    candidacy.end.abort();
    const ended = candidacy.ended.finally(() => {
      if (this.#ending.get(namespace) === ended) this.#ending.delete(namespace);
    });
    this.#ending.set(namespace, ended);
  }

  /** Gives every namespace up; resolves when the Leases are released, or could not be. */
  async leaveAll(): Promise<void> {
    for (const namespace of [...this.#candidacies.keys()]) this.leave(namespace);
    await Promise.all(this.#ending.values());
  }

  /** The candidacy before has the same identity, so its release would give back what this one has just taken. */
  async #stand(lease: Lease, signal: AbortSignal, before: Promise<void> | undefined): Promise<void> {
    await before;
    await lease.run(signal);
  }

  #lease(namespace: string): Lease {
    const { kube, config, clock, onChange } = this.#parts;
    const { leaseName: name, leaseSeconds, identity } = config;
    const log = this.#parts.log.child({ namespace });
    return new Lease({
      ...leaseTiming(leaseSeconds),
      kube,
      namespace,
      name,
      identity,
      clock,
      onChange: (held) => {
        log.info(held ? "This process leads the namespace" : "This process no longer leads the namespace");
        onChange(namespace, held);
      },
      onHolder: (holder) => {
        if (holder !== "" && holder !== identity) log.info("Another process leads the namespace", { holder });
      },
      onFailure: (error) => {
        log.warn("Cannot take or renew the Lease; the next try follows", { lease: name, error });
      },
    });
  }
}
