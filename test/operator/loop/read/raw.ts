/** A RetrainRun as the API server sends it. */
export const rawRun = (differs: object = {}, metadata: object = {}): object => ({
  apiVersion: "retrain.velo/v1alpha1",
  kind: "RetrainRun",
  metadata: {
    ...rawMetadata,
    name: "monthly",
    generation: 2,
    managedFields: [{ manager: "kubectl" }],
    ...metadata,
  },
  spec: {},
  ...differs,
});

export const rawMetadata = {
  namespace: "velo",
  name: "rr-0f6e1a52-7-1",
  uid: "0f6e1a52-7c1b-4a43-9a50-1f2f6b0d7e11",
  resourceVersion: "17",
  creationTimestamp: "2026-12-01T01:00:00Z",
};

/** A minute after the creation. */
export const at = (minute: number): string => `2026-12-01T01:${String(minute).padStart(2, "0")}:00Z`;

export const labels = { "retrain.velo/model": "bike-traffic" };
