import {
  KubeError,
  type Kube,
  type KubeObject,
  type ObjectList,
  type WatchEvent,
} from "../../../operator/kube/api.ts";

interface Logged {
  readonly version: number;
  readonly event: WatchEvent;
  /** No watch tells it. */
  readonly isLost: boolean;
}

/** What a running watch comes to: the server ends it, or it breaks. */
type End = { readonly kind: "closed" } | { readonly kind: "broken"; readonly error: unknown };

export const refusal = (status: number, reason: string, retryAfterSeconds?: number): KubeError =>
  new KubeError(`Cannot ask: ${String(status)} ${reason}`, {
    status,
    reason,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });

export const gone = refusal(410, "Expired");
export const unreachable = refusal(0, "Unreachable");

/**
 * A few objects in memory, to make faults happen at a moment that a test chooses: what an API server does without a fault is for the tests of
 * the real one.
 */
export class FaultyKube implements Pick<Kube, "list" | "watch"> {
  /** "list", or "watch 99" with the version from which on. */
  readonly calls: string[] = [];
  /** What the next lists and watches fail with, before they begin. */
  readonly listFaults: unknown[] = [];
  readonly watchFaults: unknown[] = [];
  /** Lists give no answer. */
  isStalled = false;
  /** An aborted watch throws it; otherwise it just ends. */
  abortError: unknown;
  readonly #objects = new Map<string, KubeObject>();
  readonly #log: Logged[] = [];
  readonly #running = new Set<(end: End) => void>();
  #changed = Promise.withResolvers<undefined>();
  /** The next one has more digits. */
  #version = 98;
  #oldest = 0;
  #created = 0;

  async list(): Promise<ObjectList> {
    this.calls.push("list");
    if (this.isStalled) await new Promise(() => undefined);
    if (this.listFaults.length > 0) throw this.listFaults.shift();
    await Promise.resolve();
    return { resourceVersion: String(this.#version), items: [...this.#objects.values()] };
  }

  async *watch(
    _at: unknown,
    { resourceVersion, signal }: { readonly resourceVersion: string; readonly signal: AbortSignal },
  ): AsyncGenerator<WatchEvent> {
    this.calls.push(`watch ${resourceVersion}`);
    if (this.watchFaults.length > 0) throw this.watchFaults.shift();
    if (Number(resourceVersion) < this.#oldest) throw gone;
    const ended = Promise.withResolvers<End>();
    this.#running.add(ended.resolve);
    signal.addEventListener("abort", () => {
      const error = this.abortError;
      ended.resolve(error === undefined ? { kind: "closed" } : { kind: "broken", error });
    });
    let end: End | undefined;
    void ended.promise.then((given) => (end = given));
    for (let told = Number(resourceVersion); end === undefined;) {
      const next = this.#log.find(({ version, isLost }) => version > told && !isLost);
      if (next !== undefined) {
        told = next.version;
        yield next.event;
      } else await Promise.race([this.#changed.promise, ended.promise]);
    }
    this.#running.delete(ended.resolve);
    if (end.kind === "broken") throw end.error;
  }

  /** Its uid tells its creations apart: `a-1`, `a-2`. */
  create(name: string, { isLost = false } = {}): void {
    const uid = `${name}-${String(++this.#created)}`;
    const object = { metadata: { name, uid, resourceVersion: this.#nextVersion() } };
    this.#objects.set(name, object);
    this.#tell({ type: "ADDED", object }, isLost);
  }

  /** Its `fields` are replaced. */
  update(
    name: string,
    { isLost = false, ...fields }: { isLost?: boolean; readonly [field: string]: unknown } = {},
  ): void {
    const { metadata } = this.#get(name);
    const object = { ...fields, metadata: { ...metadata, resourceVersion: this.#nextVersion() } };
    this.#objects.set(name, object);
    this.#tell({ type: "MODIFIED", object }, isLost);
  }

  remove(name: string, { isLost = false } = {}): void {
    const { metadata } = this.#get(name);
    this.#objects.delete(name);
    const object = { metadata: { ...metadata, resourceVersion: this.#nextVersion() } };
    this.#tell({ type: "DELETED", object }, isLost);
  }

  bookmark(): void {
    this.#tell({ type: "BOOKMARK", resourceVersion: String(this.#version) }, false);
  }

  close(): void {
    this.#end({ kind: "closed" });
  }

  breakWatch(error: unknown): void {
    this.#end({ kind: "broken", error });
  }

  /** Watches from before now are refused from now on. */
  compact(): void {
    this.#oldest = this.#version;
  }

  has(name: string): boolean {
    return this.#objects.has(name);
  }

  /** By uid, with the version. */
  get state(): ReadonlyMap<string, string> {
    return new Map(
      [...this.#objects.values()].map(({ metadata }) => [metadata.uid, metadata.resourceVersion]),
    );
  }

  get watches(): number {
    return this.#running.size;
  }

  #get(name: string): KubeObject {
    const object = this.#objects.get(name);
    if (object === undefined) throw new Error(`There is no ${name}`);
    return object;
  }

  #nextVersion(): string {
    return String(++this.#version);
  }

  #tell(event: WatchEvent, isLost: boolean): void {
    this.#log.push({ version: this.#version, event, isLost });
    this.#changed.resolve(undefined);
    this.#changed = Promise.withResolvers();
  }

  #end(end: End): void {
    for (const resolve of this.#running) resolve(end);
    this.#running.clear();
  }
}
