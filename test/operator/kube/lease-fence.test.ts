import { describe, expect, test } from "@jest/globals";

import { resources, type Fence, type Kube, type KubeObject } from "../../../operator/kube/api.ts";
import { fenced, NotLeader } from "../../../operator/kube/lease-fence.ts";

const at = { resource: resources.jobs, namespace: "bikes", name: "rr-1", uid: "u" };
const object: KubeObject = { metadata: { name: "rr-1", uid: "u", resourceVersion: "1" } };

/** A fake that tells which calls came through, writes with what their fence said: nothing else is asked of it. */
function recording(): { kube: Kube; calls: string[] } {
  const calls: string[] = [];
  const fenceOf = (fence?: Fence): string => (fence === undefined ? "no fence" : `${String(fence())} s`);
  const came = <T>(verb: string, answer: T): Promise<T> => {
    calls.push(verb);
    return Promise.resolve(answer);
  };
  const kube: Kube = {
    get: () => came("get", object),
    list: () => came("list", { resourceVersion: "1", items: [] }),
    create: (_at, _object, fence) => came(`create ${fenceOf(fence)}`, object),
    patch: (_at, _patch, fence) => came(`patch ${fenceOf(fence)}`, object),
    replace: (_at, _object, fence) => came(`replace ${fenceOf(fence)}`, object),
    remove: (_at, fence) => came(`remove ${fenceOf(fence)}`, undefined),
    watch: async function* () {
      await came("watch", undefined);
      yield* [];
    },
    logs: () => came("logs", ""),
  };
  return { kube, calls };
}

async function callEverything(kube: Kube): Promise<void> {
  const { signal } = new AbortController();
  const everything = [
    () => kube.get(at),
    () => kube.list(at),
    () => kube.logs({ namespace: "bikes", pod: "p", container: "c" }, { tailLines: 1, limitBytes: 1 }),
    () => Array.fromAsync(kube.watch(at, { resourceVersion: "1", signal })),
    () => kube.create(at, {}),
    () => kube.patch(at, {}),
    () => kube.replace(at, {}),
    () => kube.remove(at),
  ];
  const outcomes = await Promise.allSettled(everything.map((call) => call()));
  const reasons = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
  expect(reasons.every((reason) => reason instanceof NotLeader)).toBe(true);
}

describe("fenced()", () => {
  test("lets everything pass as long as the Lease is held, writes with a fence to ask before each sending", async () => {
    const { kube, calls } = recording();
    const asked = new Set<string>();
    const expiry = (namespace: string): number => {
      asked.add(namespace);
      return 12;
    };
    await callEverything(fenced(kube, expiry));
    const writes = ["create 12 s", "patch 12 s", "replace 12 s", "remove 12 s"];
    expect(calls).toEqual(["get", "list", "logs", "watch", ...writes]);
    expect([...asked]).toEqual(["bikes"]);
  });

  test("lets only reads pass when it is not", async () => {
    const { kube, calls } = recording();
    const refuse = (): never => {
      throw new NotLeader("no");
    };
    await callEverything(fenced(kube, refuse));
    expect(calls).toEqual(["get", "list", "logs", "watch"]);
  });
});
