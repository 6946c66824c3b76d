import type { TestControlPlane } from "./control-plane.ts";

const nodes = "/api/v1/nodes";
const leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
const merge = "application/merge-patch+json";
const name = "steady";
/** As often as a kubelet. */
const renewMilliseconds = 10_000;

/**
 * A fake: a Node without a machine that stays ready and takes no Pods. When the only real node goes silent, the node controller takes
 * that for its own loss ("all Nodes are not-Ready") and evicts nothing; beside this one the node alone is lost.
 */
export async function keepSteadyNode(plane: TestControlPlane): Promise<AsyncDisposable> {
  await must(plane, nodes, {
    method: "POST",
    body: { apiVersion: "v1", kind: "Node", metadata: { name }, spec: { unschedulable: true } },
  });
  const lease = { holderIdentity: name, leaseDurationSeconds: 40, renewTime: microTime() };
  const metadata = { name, namespace: "kube-node-lease" };
  const body = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata, spec: lease };
  await must(plane, leases, { method: "POST", body });
  await beat(plane);
  let beating: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    beating = beat(plane);
  }, renewMilliseconds);
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await beating;
    },
  };
}

async function beat(plane: TestControlPlane): Promise<void> {
  const now = new Date().toISOString();
  const ready = { type: "Ready", status: "True", reason: "Steady", message: "", lastHeartbeatTime: now };
  await must(plane, `${nodes}/${name}/status`, {
    method: "PATCH",
    type: "application/strategic-merge-patch+json",
    body: { status: { conditions: [{ ...ready, lastTransitionTime: now }] } },
  });
  await must(plane, `${leases}/${name}`, {
    method: "PATCH",
    type: merge,
    body: { spec: { renewTime: microTime() } },
  });
}

const microTime = (): string => new Date().toISOString().replace("Z", "000Z");

type Call = Parameters<TestControlPlane["ask"]>[1];

async function must(plane: TestControlPlane, path: string, call: Call): Promise<void> {
  const answer = await plane.ask(path, call);
  if (answer.status >= 300) throw new Error(`The API server refuses ${path}: ${answer.message}`);
}
