import type { KubeObject } from "./api.ts";
import type { Clock } from "./clock.ts";
import { inTime, LeaseCalls, type LeaseKube } from "./lease-calls.ts";
import { NotLeader } from "./lease-fence.ts";
import { heldBy, recordOf, released, type LeaseRecord } from "./lease-record.ts";

export interface LeaseOptions {
  readonly kube: LeaseKube;
  readonly namespace: string;
  readonly name: string;
  /** Unlike that of any other process, of an earlier start of the same Pod too. */
  readonly identity: string;
  /** So long the others wait after the last renewal that they saw; `leaseTiming()` gives the other two. */
  readonly durationSeconds: number;
  /** So long after its last renewal the holder counts on it; the rest is for writes on their way. */
  readonly renewSeconds: number;
  readonly retrySeconds: number;
  readonly clock: Clock;
  onChange(held: boolean): void;
  /** Somebody was seen to hold it who did not before; empty when it was released. */
  onHolder(identity: string): void;
  /** A try failed for another reason than that somebody was faster; the next one follows. The same failure is told once, until a try succeeds. */
  onFailure(error: unknown): void;
}

/** In the proportions of client-go's 15, 10 and 2 seconds. */
export const leaseTiming = (durationSeconds: number) => ({
  durationSeconds,
  renewSeconds: (durationSeconds * 2) / 3,
  retrySeconds: (durationSeconds * 2) / 15,
});

/**
 * Leader election on a Lease, after client-go's: wall clocks are written for people and never compared. Another's Lease has
 * expired when its record stayed the same for its whole duration by this process's monotonic clock; one's own when it could not be
 * renewed for `renewSeconds`, counted from before the renewal was sent.
 */
export class Lease {
  readonly #options: LeaseOptions;
  readonly #calls: LeaseCalls;
  /** By the monotonic clock. */
  #heldUntil = -Infinity;
  /** What this process wrote last: it can be renewed without being read. */
  #written: KubeObject | undefined;
  #rival: { readonly record: string; readonly until: number } | undefined;
  #told = false;
  #toldHolder: string | undefined;
  #toldFailure: string | undefined;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#calls = new LeaseCalls(options.kube, options.namespace, options.name);
  }

  /** Needs no timer to become false: a process that was stopped and goes on is told the truth at its first question. */
  isHeld(): boolean {
    return this.#options.clock.monotonic() < this.#heldUntil;
  }

  /** Until others may take it, at the earliest: what is written under it must have arrived by then. Throws NotLeader. */
  secondsToExpiry(): number {
    const { namespace, name, identity, clock, durationSeconds, renewSeconds } = this.#options;
    const left = (this.#heldUntil - clock.monotonic()) / 1000;
    if (left > 0) return left + durationSeconds - renewSeconds;
    throw new NotLeader(
      `Cannot write: ${identity} does not hold the Lease ${namespace}/${name}, or not any more`,
    );
  }

  /** Takes and renews it until the signal, then releases it. Never rejects for what the API server says. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.attempt();
      await this.#options.clock.sleep(this.#untilNext(), signal);
    }
    await this.release();
  }

  /** One try to take it or to renew it. A silent API server is given up early enough for a second try. */
  async attempt(): Promise<void> {
    this.#tell();
    const { clock, renewSeconds } = this.#options;
    const began = clock.monotonic();
    const left = this.isHeld() ? this.#heldUntil - began : Infinity;
    const patience = Math.min(left, (renewSeconds * 1000) / 2);
    await this.#reported(async () => {
      this.#written = await inTime(patience, clock, this.#takeOrRenew());
      this.#heldUntil = this.#written === undefined ? -Infinity : began + renewSeconds * 1000;
    });
    this.#tell();
  }

  /** From now on not held here; in the cluster too, if the API server can be told within seconds. */
  async release(): Promise<void> {
    this.#heldUntil = -Infinity;
    this.#written = undefined;
    this.#tell();
    await this.#reported(() => inTime(releaseMilliseconds, this.#options.clock, this.#giveBack()));
  }

  #untilNext(): number {
    const retry = this.#options.retrySeconds * 1000;
    const left = this.#heldUntil - this.#options.clock.monotonic();
    return left > 0 ? Math.min(retry, Math.ceil(left)) : retry;
  }

  /** Undefined when another has it. */
  async #takeOrRenew(): Promise<KubeObject | undefined> {
    const renewed = this.#written && (await this.#hold(this.#written));
    if (renewed !== undefined) return renewed;
    const found = await this.#calls.read();
    if (found === undefined) return this.#isAwaited() ? undefined : this.#calls.create(this.#mine({}));
    this.#observe(recordOf(found));
    return this.#isAwaited() ? undefined : this.#hold(found);
  }

  #hold(lease: KubeObject): Promise<KubeObject | undefined> {
    return this.#calls.replace(lease, this.#mine(recordOf(lease)));
  }

  #mine(before: LeaseRecord): LeaseRecord {
    const { identity, durationSeconds, clock } = this.#options;
    return heldBy(identity, before, { durationSeconds, now: clock.now() });
  }

  #observe(record: LeaseRecord): void {
    const { identity, durationSeconds, clock } = this.#options;
    const { holderIdentity: holder = "", leaseDurationSeconds: itsSeconds = durationSeconds } = record;
    this.#tellHolder(holder);
    const text = JSON.stringify(record);
    if (holder === "" || holder === identity) this.#rival = undefined;
    else if (this.#rival?.record !== text) {
      this.#rival = { record: text, until: clock.monotonic() + itsSeconds * 1000 };
    }
  }

  /** Also true of a Lease that was deleted: its holder may not know yet. */
  #isAwaited(): boolean {
    return this.#rival !== undefined && this.#options.clock.monotonic() < this.#rival.until;
  }

  async #giveBack(): Promise<void> {
    const { identity, clock } = this.#options;
    const until = clock.monotonic() + releaseMilliseconds;
    const found = await this.#calls.read();
    // The process may stand for it again by now, under the same identity.
    if (clock.monotonic() >= until) return;
    if (found === undefined || recordOf(found).holderIdentity !== identity) return;
    await this.#calls.replace(found, released(recordOf(found), clock.now()));
  }

  async #reported(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#toldFailure = undefined;
    } catch (error) {
      const failure = String(error);
      if (failure !== this.#toldFailure) this.#options.onFailure(error);
      this.#toldFailure = failure;
    }
  }

  #tell(): void {
    const held = this.isHeld();
    if (held === this.#told) return;
    this.#told = held;
    if (held) this.#tellHolder(this.#options.identity);
    this.#options.onChange(held);
  }

  #tellHolder(holder: string): void {
    if (holder === this.#toldHolder) return;
    this.#toldHolder = holder;
    this.#options.onHolder(holder);
  }
}

const releaseMilliseconds = 5000;
