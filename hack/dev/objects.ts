import { trainerImage } from "../images.ts";

/** What a namespace needs to carry out runs: the volume of the models, and the Secret that names the database. */
export function objectsFor(namespace: string, databaseUrl: string): object {
  return {
    apiVersion: "v1",
    kind: "List",
    items: [
      {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: namespace, labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
      },
      {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name: "retrain-models", namespace },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      },
      {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "retrain-database", namespace },
        stringData: { DATABASE_URL: databaseUrl },
      },
    ],
  };
}

/** The operator's configuration: the image of this checkout, and a clock that stands where the data end. */
export const configurationFor = (asOf: string): object => ({
  defaults: {
    source: { asOf },
    job: {
      image: trainerImage,
      resources: { requests: { cpu: "500m", memory: "1Gi" }, limits: { memory: "2Gi" } },
    },
  },
  pod: { imagePullPolicy: "Never" },
});
