import { resources, type Kube } from "../../kube/api.ts";
import { readPod } from "../../loop/read/pod.ts";
import type { Placed } from "../../loop/read/metadata.ts";
import { Label } from "../../reconcile/labels.ts";
import type { PodSeen, RunSeen } from "../../reconcile/seen.ts";

export type RunPod = PodSeen & Placed;

/** The Pods of a run that there still are, of one attempt when it is named. Throws KubeError. */
export async function podsOf(
  kube: Pick<Kube, "list">,
  { namespace, uid }: RunSeen,
  attempt?: number,
): Promise<readonly RunPod[]> {
  const labels = { [Label.runUid]: uid, ...(attempt === undefined ? {} : { [Label.attempt]: attempt }) };
  const labelSelector = Object.entries(labels)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(",");
  const { items } = await kube.list({ resource: resources.pods, namespace }, { labelSelector });
  return items.flatMap((object) => readPod(object) ?? []);
}
