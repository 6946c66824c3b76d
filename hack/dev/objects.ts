import { trainerImage } from "../images.ts";

/** Who signs in to the sidecar. */
export const devAccount = "dev";

/** What a namespace needs to carry out runs: the volume of the models, the Secret that names the database, and somebody who may ask for them. */
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
      ...accountIn(namespace),
    ],
  };
}

/** With every right that the sidecar's API asks for. */
function accountIn(namespace: string): readonly object[] {
  const group = "rbac.authorization.k8s.io";
  const metadata = { name: devAccount, namespace };
  const rules = [
    {
      apiGroups: ["retrain.velo"],
      resources: ["retrainruns", "retrainruns/force", "retrainruns/restore"],
      verbs: ["get", "list", "create", "patch"],
    },
    { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
  ];
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    { apiVersion: `${group}/v1`, kind: "Role", metadata, rules },
    {
      apiVersion: `${group}/v1`,
      kind: "RoleBinding",
      metadata,
      roleRef: { apiGroup: group, kind: "Role", name: devAccount },
      subjects: [{ kind: "ServiceAccount", ...metadata }],
    },
  ];
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
