import { z } from "zod";

import {
  asInKubernetes,
  listAsInKubernetes,
  namespaceName,
  objectName,
  port,
  section,
  texts,
} from "./words.ts";

const resourceList = z.record(z.string(), z.union([z.string(), z.number()]));
export const resources = section({ requests: resourceList, limits: resourceList });

/** What all Pods of the chart have. */
const pod = {
  resources,
  priorityClassName: objectName,
  podLabels: texts,
  podAnnotations: texts,
  nodeSelector: texts,
  affinity: asInKubernetes,
  tolerations: listAsInKubernetes,
  serviceAccount: section({ create: z.boolean(), name: objectName, annotations: texts }),
};

const server = {
  ...pod,
  replicas: z.int().min(0).max(20),
  logLevel: z.enum(["error", "warn", "info", "debug"]),
  env: texts,
  topologySpreadConstraints: listAsInKubernetes,
};

export const operator = section({
  ...server,
  watchNamespaces: z.union([z.array(z.literal("*")).length(1), z.array(namespaceName).max(100)]),
});

export const sidecar = section({
  ...server,
  enabled: z.boolean(),
  placement: z.enum(["Deployment", "Pod"]),
  audience: z.string().min(1).max(253),
  ratePerMinute: z.int().min(1).max(1_000_000),
  metricsAccess: z.enum(["open", "token"]),
  mountModels: z.boolean(),
  staticToken: section({ secretName: objectName, key: z.string().min(1).max(253) }),
  service: section({
    type: z.enum(["ClusterIP", "NodePort", "LoadBalancer"]),
    port,
    annotations: texts,
  }),
});

export const createRun = section(pod);
