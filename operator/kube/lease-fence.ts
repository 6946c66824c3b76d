import type { Fence, Kube } from "./api.ts";

/** Refused before it was sent: another process may be writing now. */
export class NotLeader extends Error {
  override readonly name = "NotLeader";
}

/**
 * A client that asks before each sending of a write, and so never writes once leadership is over, whatever its caller was doing.
 * `secondsToExpiry` gets the namespace and throws. A write is given up when its Lease may have become another's; what the API
 * server has then begun only its resourceVersion or its name stops.
 */
export function fenced(kube: Kube, secondsToExpiry: (namespace: string) => number): Kube {
  const fenceOf = (namespace: string): Fence => {
    const fence: Fence = () => secondsToExpiry(namespace);
    // Whatever the client does with it.
    fence();
    return fence;
  };
  return {
    get: (at) => kube.get(at),
    list: (at, selection) => kube.list(at, selection),
    watch: (at, options) => kube.watch(at, options),
    logs: (at, limits) => kube.logs(at, limits),
    create: async (at, object) => await kube.create(at, object, fenceOf(at.namespace)),
    patch: async (at, patch) => await kube.patch(at, patch, fenceOf(at.namespace)),
    replace: async (at, object) => await kube.replace(at, object, fenceOf(at.namespace)),
    remove: async (at) => {
      await kube.remove(at, fenceOf(at.namespace));
    },
  };
}
