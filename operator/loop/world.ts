import type { Configuration } from "../../contract/configuration.ts";
import { resources, type Kube, type KubeObject, type Resource } from "../kube/api.ts";
import { ListWatch, type ListWatchNews } from "../kube/list-watch.ts";
import { Label } from "../reconcile/labels.ts";
import type { JobSeen, PodSeen, RunSeen } from "../reconcile/seen.ts";
import { GonePods } from "./gone-pods.ts";
import { heldJob, heldPod, heldRun } from "./held.ts";
import { partsOf, type Key } from "./keys.ts";
import { Shelf, type Held } from "./shelf.ts";

/** What is known of one model in one namespace without asking. */
export interface Known {
  readonly runs: readonly RunSeen[];
  readonly jobs: readonly JobSeen[];
  readonly pods: readonly PodSeen[];
}

export interface WorldParts {
  readonly kube: Kube;
  /** Undefined is every namespace. */
  readonly namespace: string | undefined;
  readonly configuration: Configuration;
  readonly relistSeconds: number;
  readonly clock: () => Date;
  /** Something of this model has changed, or was seen for the first time. */
  readonly onChange: (key: Key) => void;
  /** What the watches say beside changes. */
  readonly onNews: (news: ListWatchNews, resource: Resource) => void;
}

/** All runs of a namespace, or of the cluster, with the Jobs and Pods of their models, as parsed views. */
export class World {
  readonly #parts: WorldParts;
  readonly #runs = new Shelf<RunSeen>();
  readonly #jobs = new Shelf<JobSeen>();
  readonly #pods = new Shelf<PodSeen>();
  readonly #gone = new GonePods();
  readonly #watches;

  constructor(parts: WorldParts) {
    this.#parts = parts;
    const { configuration } = parts;
    this.#watches = [
      this.#watch(resources.retrainRuns, this.#runs, (object) => heldRun(object, configuration)),
      this.#watch(resources.jobs, this.#jobs, heldJob),
      this.#watch(resources.pods, this.#pods, heldPod, (pod) => {
        this.#gone.add(pod, parts.clock());
      }),
    ];
  }

  /** Follows the API server until the signal. Every key is told as changed once all has been listed. */
  async run(signal: AbortSignal): Promise<void> {
    const announce = (): void => {
      if (this.isSynced()) for (const key of this.#runs.keys()) this.#parts.onChange(key);
    };
    for (const { synced } of this.#watches) void synced.then(announce);
    await Promise.all(this.#watches.map((watch) => watch.run(signal)));
  }

  /** Whether all of it has been listed once: until then nothing may be decided. */
  isSynced(): boolean {
    return this.#watches.every((watch) => watch.isSynced);
  }

  of(key: Key): Known {
    const now = this.#parts.clock();
    const runs = seen(this.#runs.of(key, now));
    const open = new Set(runs.filter(({ status }) => status.verdict === undefined).map(({ uid }) => uid));
    const pods = [...seen(this.#pods.of(key, now)), ...this.#gone.of(key, open, now)];
    return { runs, jobs: seen(this.#jobs.of(key, now)), pods };
  }

  /** Of every model that has a run in the namespace. */
  *keys(namespace: string): Generator<Key> {
    for (const key of this.#runs.keys()) if (partsOf(key).namespace === namespace) yield key;
  }

  /** The API server answered one of our own calls with this RetrainRun. */
  answeredRun(object: KubeObject): void {
    this.#answered(this.#runs, heldRun(object, this.#parts.configuration));
  }

  answeredJob(object: KubeObject): void {
    this.#answered(this.#jobs, heldJob(object));
  }

  answeredPod(object: KubeObject): void {
    this.#answered(this.#pods, heldPod(object));
  }

  /** The API server answered that it has this RetrainRun or this Job no longer. */
  remove(uid: string): void {
    const now = this.#parts.clock();
    this.#runs.remove(uid, now);
    this.#jobs.remove(uid, now);
  }

  #answered<T>(shelf: Shelf<T>, held: Held<T> | undefined): void {
    if (held !== undefined) shelf.answer(held, this.#parts.clock());
  }

  #watch<T>(
    resource: Resource,
    shelf: Shelf<T>,
    parse: (object: unknown) => Held<T> | undefined,
    onGone: (held: Held<T>) => void = () => undefined,
  ): ListWatch<Held<T>> {
    const { kube, namespace, clock, relistSeconds, onChange, onNews } = this.#parts;
    const selection = resource === resources.retrainRuns ? {} : { labelSelector: Label.model };
    return new ListWatch({
      kube,
      place: { resource, namespace },
      selection,
      relistSeconds,
      parse,
      onNews: (news) => {
        onNews(news, resource);
      },
      onChange: (before, after) => {
        if (after === undefined && before !== undefined) onGone(shelf.get(before.uid) ?? before);
        const isNews = after === undefined ? shelf.remove(before?.uid ?? "", clock()) : shelf.show(after);
        if (isNews) for (const key of keysOf(before, after)) onChange(key);
      },
    });
  }
}

const keysOf = (...held: readonly (Held<unknown> | undefined)[]): ReadonlySet<Key> =>
  new Set(held.flatMap((one) => one?.key ?? []));

const seen = <T>(held: readonly Held<T>[]): readonly T[] => held.map((one) => one.seen);
