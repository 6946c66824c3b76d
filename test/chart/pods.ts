import { z } from "zod";

import type { Rendered } from "./chart.ts";

const EnvVar = z.object({
  name: z.string(),
  value: z.string().optional(),
  valueFrom: z.looseObject({ fieldRef: z.object({ fieldPath: z.string() }).optional() }).optional(),
});

const Probe = z.looseObject({ httpGet: z.object({ path: z.string(), port: z.string() }).optional() });

const Container = z.looseObject({
  name: z.string(),
  image: z.string(),
  command: z.array(z.string()),
  env: z.array(EnvVar).default([]),
  ports: z.array(z.object({ name: z.string(), containerPort: z.int() })).default([]),
  startupProbe: Probe.optional(),
  livenessProbe: Probe.optional(),
  readinessProbe: Probe.optional(),
  resources: z.object({
    requests: z.record(z.string(), z.string()),
    limits: z.record(z.string(), z.string()),
  }),
  volumeMounts: z.array(z.looseObject({ name: z.string(), mountPath: z.string() })).default([]),
});
export type Container = z.infer<typeof Container>;

export const Template = z.looseObject({
  metadata: z.looseObject({
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
  spec: z.looseObject({
    serviceAccountName: z.string(),
    containers: z.array(Container).min(1),
    volumes: z.array(z.looseObject({ name: z.string() })).default([]),
  }),
});
export type Template = z.infer<typeof Template>;

const Deployment = z.looseObject({ spec: z.looseObject({ template: Template }) });
const CronJob = z.looseObject({
  spec: z.looseObject({ jobTemplate: z.looseObject({ spec: z.looseObject({ template: Template }) }) }),
});

/** The Pod that a workload makes, or is. */
export function podOf(object: Rendered): Template {
  if (object.kind === "Deployment") return Deployment.parse(object).spec.template;
  if (object.kind === "CronJob") return CronJob.parse(object).spec.jobTemplate.spec.template;
  return Template.parse(object);
}

export const podsOf = (objects: readonly Rendered[]): Template[] =>
  objects.filter(({ kind }) => ["Deployment", "CronJob", "Pod"].includes(kind)).map(podOf);

export function containerOf(pod: Template, name: string): Container {
  const found = pod.spec.containers.find((each) => each.name === name);
  if (found === undefined) throw new Error(`There is no container ${name}`);
  return found;
}

/** What a process in the container finds in its environment, where the Pod is of that name and namespace. */
export const environmentOf = (
  { env }: Container,
  fields: Readonly<Record<string, string>>,
): Record<string, string> =>
  Object.fromEntries(
    env.map(({ name, value, valueFrom }) => [
      name,
      value ??
        fields[valueFrom?.fieldRef?.fieldPath ?? ""] ??
        `no field ${String(valueFrom?.fieldRef?.fieldPath)}`,
    ]),
  );
