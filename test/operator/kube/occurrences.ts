import type { Occurrence } from "../../../operator/kube/event-object.ts";

/** Something that happened to the ConfigMap `run` of the namespace `default`. */
export const occurrence = (differs: Partial<Occurrence> = {}): Occurrence => ({
  regarding: { apiVersion: "v1", kind: "ConfigMap", namespace: "default", name: "run", uid: "uid-1" },
  type: "Normal",
  reason: "Queued",
  action: "Queue",
  message: "Another run of bikes is active",
  ...differs,
});
