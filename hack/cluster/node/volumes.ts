import { mkdir } from "node:fs/promises";

import { call, type Access } from "../api.ts";
import { nodeName } from "../credentials.ts";
import type { Home } from "../home.ts";

const count = 16;
const storageClass = "local";

/**
 * Offers directories of the home as volumes of the default storage class. They are `local` ones because, unlike those of the
 * controller manager's own host-path provisioner, they honour a Pod's fsGroup. A claim is bound by the first Pod that uses it.
 */
export async function makeVolumes(home: Home, admin: Access): Promise<void> {
  await create(admin, "/apis/storage.k8s.io/v1/storageclasses", {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: {
      name: storageClass,
      annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
    },
    provisioner: "kubernetes.io/no-provisioner",
    volumeBindingMode: "WaitForFirstConsumer",
  });
  const names = Array.from({ length: count }, (_, index) => `local-${String(index + 1)}`);
  await Promise.all(names.map((name) => makeVolume(home, admin, name)));
}

async function makeVolume(home: Home, admin: Access, name: string): Promise<void> {
  const directory = home.file("volumes", name);
  await mkdir(directory, { recursive: true });
  const here = { key: "kubernetes.io/hostname", operator: "In", values: [nodeName] };
  await create(admin, "/api/v1/persistentvolumes", {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name },
    spec: {
      storageClassName: storageClass,
      capacity: { storage: "100Gi" },
      accessModes: ["ReadWriteOnce", "ReadWriteMany", "ReadOnlyMany"],
      persistentVolumeReclaimPolicy: "Retain",
      local: { path: directory },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [here] }] } },
    },
  });
}

async function create(admin: Access, all: string, body: object): Promise<void> {
  const { status, text } = await call(admin, all, { method: "POST", body });
  if (status !== 201) throw new Error(`Cannot make the node's volumes: ${String(status)} ${text}`);
}
