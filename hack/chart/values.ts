import { z } from "zod";

import { Configuration, PodOptions } from "../../contract/configuration.ts";
import { SpecDefaults } from "../../contract/retrain-run.ts";
import { ModelName } from "../../contract/spec/words.ts";
import { createRun, operator, resources, sidecar } from "./workloads.ts";
import {
  asInKubernetes,
  listAsInKubernetes,
  objectName,
  objectNames,
  port,
  section,
  shortName,
  texts,
  toggle,
} from "./words.ts";

/**
 * The values of the chart. Helm refuses others at install, and what becomes the operator's configuration is refused by the
 * schemas that the operator reads it with.
 */
export const Values = section({
  global: asInKubernetes,
  nameOverride: shortName,
  fullnameOverride: shortName,
  database: section({
    secretName: objectName,
    key: z.string().min(1).max(253),
    caConfigMap: objectName,
    port,
    peers: listAsInKubernetes,
  }),
  demo: toggle({
    stations: z.int().min(1).max(200),
    years: z.number().min(1).max(10),
    image: z.string().regex(/^[^ ]+$/),
    runAsUser: z.int().min(1),
    resources,
  }),
  models: z.array(model()).max(50),
  defaults: defaults(),
  allowed: Configuration.shape.allowed,
  keepRuns: Configuration.shape.keepRuns,
  storage: storage(),
  images: images(),
  security: section({ runAsUser: z.int().min(1).nullable(), fsGroup: z.int().min(1).nullable() }),
  trainer: trainer(),
  operator,
  sidecar,
  createRun,
  networkPolicies: networkPolicies(),
  podDisruptionBudgets: toggle({}),
  crds: section({ install: z.boolean() }),
  admissionPolicy: toggle({ trustedUsers: z.array(z.string().min(1)).max(50) }),
  serviceMonitors: toggle({
    labels: texts,
    interval: z.string().regex(/^[0-9]+(ms|s|m|h)$/),
    authorization: asInKubernetes,
  }),
  alerts: toggle({ labels: texts }),
  dashboard: toggle({ labels: texts, annotations: texts }),
});

function model(): z.ZodType {
  return section({
    name: ModelName,
    schedule: z
      .string()
      .max(100)
      .regex(/^([^ ]+( +[^ ]+){4}|@[a-z]+)?$/),
    timeZone: z
      .string()
      .max(64)
      .regex(/^(UTC|[A-Za-z_]+\/[A-Za-z0-9_+/-]+)$/),
    suspend: z.boolean(),
    spec: SpecDefaults,
  }).required({ name: true });
}

/** But for what the values have places of their own for. */
function defaults(): z.ZodType {
  const { source, storage: stored, job } = SpecDefaults.shape;
  return SpecDefaults.extend({
    source: source.unwrap().omit({ secretRef: true }).optional(),
    storage: stored.unwrap().omit({ claimName: true, subPath: true }).optional(),
    job: job.unwrap().omit({ image: true }).optional(),
  });
}

/** But for what holds for all Pods; an empty name is none. */
function trainer(): z.ZodType {
  const names = {
    priorityClassName: objectName,
    runtimeClassName: objectName,
    serviceAccountName: objectName,
  };
  const forAll = { imagePullPolicy: true, imagePullSecrets: true, databaseCaConfigMap: true } as const;
  return PodOptions.omit({ ...forAll, runAsUser: true, fsGroup: true })
    .extend(names)
    .partial();
}

function storage(): z.ZodType {
  return section({
    existingClaim: objectName,
    size: z.string().regex(/^[0-9]+(\.[0-9]+)?(k|M|G|T|Ki|Mi|Gi|Ti)?$/),
    accessModes: z.array(z.enum(["ReadWriteOnce", "ReadWriteMany", "ReadWriteOncePod"])).min(1),
    storageClassName: z.string().regex(/^(-|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)?$/),
    annotations: texts,
    subPath: z.string().max(255),
    readerSelector: texts,
  });
}

function images(): z.ZodType {
  const image = section({
    repository: z.string().regex(/^[^@ ]+$/),
    tag: z.string().regex(/^([A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?$/),
    digest: z.string().regex(/^(sha256:[0-9a-f]{64})?$/),
  });
  return section({
    operator: image,
    trainer: image,
    pullPolicy: z.enum(["Always", "IfNotPresent", "Never"]),
    pullSecrets: objectNames,
  });
}

function networkPolicies(): z.ZodType {
  return toggle({
    apiServer: section({ ports: z.array(port).min(1), peers: listAsInKubernetes }),
    dns: section({ peers: listAsInKubernetes }),
    api: section({ from: listAsInKubernetes }),
    metrics: section({ from: listAsInKubernetes }),
  });
}
