import type { V1Volume, V1VolumeMount } from "@kubernetes/client-node";

import type { PodOptions } from "../../../contract/configuration.ts";
import type { Resolved } from "../resolved.ts";

export const modelsDirectory = "/models";
export const scratchDirectory = "/tmp";
const caDirectory = "/etc/retrain/database-ca";
export const databaseCaFile = `${caDirectory}/ca.crt`;

/** The trainer itself leaves nothing there; libraries may. */
const scratchLimit = "256Mi";

/** The versions, a scratch directory, and the database's certificate authority where one is configured. */
export function volumesOf({ storage, secretRef }: Resolved, { databaseCaConfigMap }: PodOptions): V1Volume[] {
  const volumes: V1Volume[] = [
    { name: "models", persistentVolumeClaim: { claimName: storage.claimName } },
    { name: "scratch", emptyDir: { sizeLimit: scratchLimit } },
  ];
  if (secretRef === undefined || databaseCaConfigMap === undefined) return volumes;
  const items = [{ key: "ca.crt", path: "ca.crt" }];
  return [...volumes, { name: "database-ca", configMap: { name: databaseCaConfigMap, items } }];
}

export function mountsOf(
  { storage: { subPath }, secretRef }: Resolved,
  { databaseCaConfigMap }: PodOptions,
): V1VolumeMount[] {
  const mounts: V1VolumeMount[] = [
    { name: "models", mountPath: modelsDirectory, ...(subPath === "" ? {} : { subPath }) },
    { name: "scratch", mountPath: scratchDirectory },
  ];
  if (secretRef === undefined || databaseCaConfigMap === undefined) return mounts;
  return [...mounts, { name: "database-ca", mountPath: caDirectory, readOnly: true }];
}
