import type { Kube, KubeObject, ObjectList, Place, Selection, WatchEvent } from "./api.ts";
import { askedSeconds } from "./asked-wait.ts";
import { Backoff } from "./backoff.ts";
import { systemClock, type Clock } from "./clock.ts";
import { ObjectStore, type Change } from "./object-store.ts";
import { outcome, outcomes } from "./outcome.ts";
import { unlessAborted, Until } from "./until.ts";
import { WatchPosition } from "./watch-position.ts";

/** What happens beside the changes, for log and metrics. */
export type ListWatchNews =
  /** `lost`: the watch could not go on from where it was; `due`: the regular list beside a sound watch. */
  | { readonly kind: "listed"; readonly why: "first" | "lost" | "due"; readonly objects: number }
  /** The server ended a watch in the regular way. The next one follows. */
  | { readonly kind: "closed" }
  | ({ readonly kind: "failed"; readonly retrySeconds: number } & Failure)
  /** The regular list has shown changes of so many objects that the watch had not told and never will. */
  | { readonly kind: "missed"; readonly objects: number }
  | { readonly kind: "unreadable"; readonly object: KubeObject; readonly error: unknown };

interface Failure {
  readonly doing: "list" | "watch";
  readonly error: unknown;
}

export interface ListWatchOptions<T> {
  readonly kube: Pick<Kube, "list" | "watch">;
  readonly place: Place;
  readonly selection?: Selection;
  /** Undefined or an error: the object is left out. One that was known and is no longer readable counts as deleted. */
  readonly parse: (object: KubeObject) => T | undefined;
  /** By uid: created has no `before`, deleted no `after`. The objects here are up to date already. An error ends run(). */
  readonly onChange: (before: T | undefined, after: T | undefined) => void;
  readonly onNews?: (news: ListWatchNews) => void;
  /** The regular list; each period is spread by a tenth. Default: 10 minutes. */
  readonly relistSeconds?: number;
  readonly clock?: Clock;
  readonly random?: () => number;
}

/**
 * The objects of a place as the API server has them: a list, a watch from there on, and the same again after whatever ends the watch. It never
 * gives up, and the regular list repairs what a watch did not tell.
 */
export class ListWatch<T extends { readonly uid: string }> {
  readonly #options: Required<ListWatchOptions<T>>;
  readonly #store: ObjectStore<T>;
  readonly #position: WatchPosition;
  readonly #backoff: Backoff;
  readonly #synced = Promise.withResolvers<boolean>();
  #isSynced = false;
  /** By the monotonic clock. */
  #relistAt = 0;

  constructor(options: ListWatchOptions<T>) {
    this.#options = {
      selection: {},
      onNews: () => undefined,
      relistSeconds: 600,
      clock: systemClock,
      random: Math.random,
      ...options,
    };
    const { parse, onNews } = this.#options;
    this.#store = new ObjectStore(parse, (object, error) => {
      onNews({ kind: "unreadable", object, error });
    });
    this.#position = new WatchPosition((objects) => {
      onNews({ kind: "missed", objects });
    });
    this.#backoff = new Backoff({ ...backoffLimits, ...this.#options });
  }

  /** Ends as soon as the signal is aborted, and not before. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const failure = await this.#step(signal);
      if (failure !== undefined) await this.#backOff(failure, signal);
    }
    this.#synced.resolve(false);
  }

  values(): Iterable<T> {
    return this.#store.values();
  }

  get(uid: string): T | undefined {
    return this.#store.get(uid);
  }

  /** Whether all has been listed once. */
  get isSynced(): boolean {
    return this.#isSynced;
  }

  /** Resolves with true after the first list, with false when run() ended before it. */
  get synced(): Promise<boolean> {
    return this.#synced.promise;
  }

  #step(signal: AbortSignal): Promise<Failure | undefined> {
    const { version } = this.#position;
    const isDue = this.#options.clock.monotonic() >= this.#relistAt;
    return version === undefined || isDue ? this.#list(signal) : this.#watch(version, signal);
  }

  async #list(signal: AbortSignal): Promise<Failure | undefined> {
    const { kube, place, selection } = this.#options;
    // When it fails beside a sound watch, the watch goes on and the next one comes a period later.
    this.#relistAt = this.#nextRelist();
    // From the storage: a server's cache may be older than what was seen here.
    const asked = outcome(kube.list(place, { ...selection, fresh: true }));
    const list = await unlessAborted(asked, signal);
    if (list === undefined) return undefined;
    if ("error" in list) return { doing: "list", error: list.error };
    this.#takeOver(list.value);
    return undefined;
  }

  #takeOver({ resourceVersion, items }: ObjectList): void {
    const why = this.#position.version !== undefined ? "due" : this.#isSynced ? "lost" : "first";
    const changes = this.#store.replace(items);
    this.#position.listed(resourceVersion, changes);
    this.#options.onNews({ kind: "listed", why, objects: items.length });
    for (const change of changes) this.#tell(change);
    this.#isSynced = true;
    this.#synced.resolve(true);
  }

  #nextRelist(): number {
    const { clock, random, relistSeconds } = this.#options;
    return clock.monotonic() + relistSeconds * 1000 * (0.9 + random() / 5);
  }

  async #watch(resourceVersion: string, signal: AbortSignal): Promise<Failure | undefined> {
    const { kube, place, selection, clock } = this.#options;
    const began = clock.monotonic();
    using until = new Until(this.#relistAt - began, clock, signal);
    const events = kube.watch(place, { ...selection, resourceVersion, signal: until.signal });
    let told = 0;
    for await (const next of outcomes(events)) {
      if ("error" in next) return until.signal.aborted ? undefined : this.#watchFailed(next.error);
      told++;
      this.#hear(next.value);
    }
    if (until.signal.aborted) return undefined;
    return this.#watchClosed(told > 0 || clock.monotonic() - began >= shortestWatchMilliseconds);
  }

  #hear(event: WatchEvent): void {
    if (!this.#position.passes(event) || event.type === "BOOKMARK") return;
    const { object } = event;
    const change =
      event.type === "DELETED" ? this.#store.remove(object.metadata.uid) : this.#store.put(object);
    if (change !== undefined) this.#tell(change);
  }

  #tell({ before, after }: Change<T>): void {
    this.#options.onChange(before, after);
  }

  #watchFailed(error: unknown): Failure {
    this.#position.failed(error);
    return { doing: "watch", error };
  }

  #watchClosed(hasLived: boolean): Failure | undefined {
    if (!hasLived) return this.#watchFailed(new Error("The API server ends the watch as soon as it begins"));
    this.#options.onNews({ kind: "closed" });
    return undefined;
  }

  async #backOff(failure: Failure, signal: AbortSignal): Promise<void> {
    const { error } = failure;
    const milliseconds = Math.max(this.#backoff.failed(), askedSeconds(error) * 1000);
    this.#options.onNews({ kind: "failed", ...failure, retrySeconds: milliseconds / 1000 });
    await this.#options.clock.sleep(milliseconds, signal);
  }
}

const backoffLimits = { firstSeconds: 1, mostSeconds: 60, healthySeconds: 120 };
const shortestWatchMilliseconds = 1000;
