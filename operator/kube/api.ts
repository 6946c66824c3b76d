/** A kind of object, as the API server's paths name it. */
export interface Resource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
}

export const resources = {
  retrainRuns: { group: "retrain.velo", version: "v1alpha1", plural: "retrainruns", kind: "RetrainRun" },
  jobs: { group: "batch", version: "v1", plural: "jobs", kind: "Job" },
  pods: { group: "", version: "v1", plural: "pods", kind: "Pod" },
  coreEvents: { group: "", version: "v1", plural: "events", kind: "Event" },
  events: { group: "events.k8s.io", version: "v1", plural: "events", kind: "Event" },
  leases: { group: "coordination.k8s.io", version: "v1", plural: "leases", kind: "Lease" },
} as const satisfies Record<string, Resource>;

/** An object as the API server sends it: times are text, and whoever reads a field parses it. */
export interface KubeObject {
  readonly metadata: { readonly name: string; readonly uid: string; readonly resourceVersion: string };
  readonly [field: string]: unknown;
}

export interface ObjectList {
  readonly resourceVersion: string;
  readonly items: readonly KubeObject[];
}

/** Where objects of a kind are; a namespace of undefined is all of them. */
export interface Place {
  readonly resource: Resource;
  readonly namespace: string | undefined;
}
export interface Named extends Place {
  readonly namespace: string;
  readonly name: string;
}

export interface Selection {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export type WatchEvent =
  | { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: KubeObject }
  | { readonly type: "BOOKMARK"; readonly resourceVersion: string };

/**
 * Whether a write may be sent, asked before each sending, repetitions included: within how many seconds it must have arrived, which
 * bounds its call's deadline. Throws NotLeader, and so does the call then.
 */
export type Fence = () => number;

/**
 * The API server's verbs on raw JSON. Each call has a deadline of its own; every failure is a KubeError. 429 and its Retry-After
 * are honoured on each verb, a 5xx or a broken connection is retried on reads only.
 */
export interface Kube {
  get(at: Named): Promise<KubeObject>;
  /** All pages. `fresh` asks the storage and not the server's cache. */
  list(at: Place, selection?: Selection & { readonly fresh?: boolean }): Promise<ObjectList>;
  create(at: Place & { readonly namespace: string }, object: object, fence?: Fence): Promise<KubeObject>;
  /**
   * A JSON merge patch (RFC 7386), or the operations of a JSON patch (RFC 6902), which can also write a null. With `resourceVersion` in
   * its metadata it is refused (409) when the object has changed since.
   */
  patch(at: Named & { readonly subresource?: "status" }, patch: object, fence?: Fence): Promise<KubeObject>;
  replace(at: Named, object: object, fence?: Fence): Promise<KubeObject>;
  /** In the background; only that very object (its uid). One that is gone is a KubeError with status 404. */
  remove(at: Named & { readonly uid: string }, fence?: Fence): Promise<void>;
  /**
   * Changes after a resource version. Ends when the server closes it; throws KubeError: 410 asks for a new list, `Silent`
   * means that nothing, no bookmark either, came for too long.
   */
  watch(
    at: Place,
    options: Selection & { readonly resourceVersion: string; readonly signal: AbortSignal },
  ): AsyncIterable<WatchEvent>;
  /** The last lines of a container's log, at most `limitBytes` of them. */
  logs(
    at: { readonly namespace: string; readonly pod: string; readonly container: string },
    limits: { readonly tailLines: number; readonly limitBytes: number },
  ): Promise<string>;
}

/** Beside the verbs: only who shows logs to people follows them. */
export interface LogFollower {
  /**
   * A container's log from its beginning, and what is added to it, until the container ends or the signal is aborted. Throws KubeError:
   * 400 as long as the container has not started, 404 when the Pod is gone, `Unreachable` when the stream breaks.
   */
  followLogs(
    at: { readonly namespace: string; readonly pod: string; readonly container: string },
    signal: AbortSignal,
  ): AsyncIterable<Uint8Array>;
}

/** What the API server refused, or that it could not be asked. The message never holds a token. */
export class KubeError extends Error {
  override readonly name = "KubeError";
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** The Status object's reason (`AlreadyExists`, `Conflict`, `Forbidden`…), or `Unreachable`, `Deadline`, `Silent`. */
  readonly reason: string;
  /** What the server asks to wait; undefined when it does not say. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    message: string,
    answer: { readonly status: number; readonly reason: string; readonly retryAfterSeconds?: number },
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.status = answer.status;
    this.reason = answer.reason;
    this.retryAfterSeconds = answer.retryAfterSeconds;
  }
}
