import { expect, test } from "@jest/globals";
import { z } from "zod";

import { trainerLabels } from "../../operator/reconcile/labels.ts";
import { namesOf, render, type Rendered } from "./chart.ts";
import { podsOf } from "./pods.ts";

const Port = z.object({ protocol: z.string(), port: z.int() });
const Policy = z.looseObject({
  metadata: z.looseObject({ name: z.string(), namespace: z.string() }),
  spec: z.strictObject({
    podSelector: z.strictObject({ matchLabels: z.record(z.string(), z.string()) }),
    policyTypes: z.tuple([z.literal("Ingress"), z.literal("Egress")]),
    ingress: z
      .array(z.strictObject({ ports: z.array(Port), from: z.array(z.unknown()).optional() }))
      .default([]),
    egress: z.array(z.strictObject({ ports: z.array(Port), to: z.array(z.unknown()).optional() })),
  }),
});
type Policy = z.infer<typeof Policy>;

const policiesOf = (objects: readonly Rendered[]): Policy[] =>
  objects.filter(({ kind }) => kind === "NetworkPolicy").map((object) => Policy.parse(object));

const standard = await render();
const dns = "UDP 53, TCP 53";
const api = "TCP 443, TCP 6443";

const ports = (rules: readonly { readonly ports: readonly z.infer<typeof Port>[] }[]): string[] =>
  rules.map((rule) => rule.ports.map(({ protocol, port }) => `${protocol} ${String(port)}`).join(", "));

test.each<[string, readonly string[], readonly string[]]>([
  ["monthly-retrain-operator", ["TCP 8081"], [dns, api]],
  ["monthly-retrain-operator-sidecar", ["TCP 8080", "TCP 9090"], [dns, api]],
  ["monthly-retrain-operator-create-run", [], [dns, api]],
  ["bikes.monthly-retrain-operator-trainer", [], [dns, "TCP 5432"]],
])("%s is reached and reaches on its ports only", (name, ingress, egress) => {
  const [policy] = policiesOf(standard).filter(({ metadata }) => metadata.name === name);
  expect(ports(policy?.spec.ingress ?? [])).toEqual(ingress);
  expect(ports(policy?.spec.egress ?? [])).toEqual(egress);
});

const selects = (policy: Policy, labels: Readonly<Record<string, string>>): boolean =>
  Object.entries(policy.spec.podSelector.matchLabels).every(([name, value]) => labels[name] === value);

test.each(["Deployment", "Pod"])(
  "each of our Pods is selected, no other one is (sidecar.placement=%s)",
  async (placement) => {
    const objects = await render(`sidecar.placement="${placement}"`);
    const policies = policiesOf(objects);
    const pods = podsOf(objects).filter(({ spec }) => spec.volumes.length > 0);
    for (const { metadata } of pods) {
      expect(policies.some((policy) => selects(policy, metadata.labels))).toBe(true);
    }
    expect(policies.filter((policy) => selects(policy, trainerLabels))).toHaveLength(1);
    const other = { "app.kubernetes.io/name": "retrain-operator", "app.kubernetes.io/instance": "other" };
    expect(policies.filter((policy) => selects(policy, other))).toEqual([]);
    expect(policies.filter((policy) => selects(policy, {}))).toEqual([]);
  },
);

test("metrics are for Prometheus and helm test, the API is for everybody unless told otherwise", async () => {
  const from = async (...values: readonly string[]): Promise<unknown[]> => {
    const [, sidecar] = policiesOf(await render(...values));
    return sidecar?.spec.ingress.map((rule) => rule.from?.length) ?? [];
  };
  expect(await from()).toEqual([undefined, 2]);
  expect(await from('networkPolicies.api.from=[{"podSelector":{}}]')).toEqual([2, 2]);
  expect(await from("networkPolicies.metrics.from=[]")).toEqual([undefined, 1]);
});

test("the database is where it is said to be, in each namespace that has trainers", async () => {
  const peer = { ipBlock: { cidr: "10.1.2.3/32" } };
  const policies = policiesOf(
    await render(
      "database.port=6432",
      `database.peers=[${JSON.stringify(peer)}]`,
      'operator.watchNamespaces=["bikes","trams"]',
    ),
  ).filter(({ metadata }) => metadata.name.endsWith("-trainer"));
  expect(policies.map(({ metadata }) => metadata.namespace)).toEqual(["bikes", "trams"]);
  for (const { spec } of policies) {
    expect(spec.egress[1]).toEqual({ ports: [{ protocol: "TCP", port: 6432 }], to: [peer] });
  }
});

test.each([
  ["NetworkPolicy", "networkPolicies.enabled=false"],
  ["PodDisruptionBudget", "podDisruptionBudgets.enabled=false"],
  ["CustomResourceDefinition", "crds.install=false"],
  ["PersistentVolumeClaim", 'storage.existingClaim="shared"'],
  ["CronJob", "models=[]"],
])("there is no %s with %s", async (kind, value) => {
  const of = (objects: readonly Rendered[]): string[] =>
    namesOf(objects).filter((name) => name.startsWith(`${kind} `));
  expect(of(standard)).not.toEqual([]);
  expect(of(await render(value))).toEqual([]);
});

test("each of our servers has a budget and, where asked for, a ServiceMonitor that finds its Service", async () => {
  const objects = await render("serviceMonitors.enabled=true", 'serviceMonitors.labels={"team":"bikes"}');
  const names = (kind: string): string[] =>
    namesOf(objects.filter((each) => each.kind === kind)).map((name) => name.split(" ")[1] ?? "");
  const servers = ["monthly-retrain-operator", "monthly-retrain-operator-sidecar"];
  expect(names("PodDisruptionBudget")).toEqual(servers);
  expect(names("ServiceMonitor")).toEqual(servers);
  for (const monitor of objects.filter(({ kind }) => kind === "ServiceMonitor")) {
    expect(monitor.metadata.labels).toMatchObject({ team: "bikes" });
    expect(servicesOf(objects, monitor)).toHaveLength(1);
  }
});

const Monitor = z.looseObject({
  spec: z.looseObject({
    selector: z.object({ matchLabels: z.record(z.string(), z.string()) }),
    endpoints: z.tuple([z.looseObject({ port: z.string() })]),
  }),
});
const Service = z.looseObject({
  spec: z.looseObject({ ports: z.array(z.looseObject({ name: z.string() })) }),
});

function servicesOf(objects: readonly Rendered[], monitor: Rendered): Rendered[] {
  const { selector, endpoints } = Monitor.parse(monitor).spec;
  return objects
    .filter(({ kind }) => kind === "Service")
    .filter(({ metadata: { labels } }) =>
      Object.entries(selector.matchLabels).every(([name, value]) => labels[name] === value),
    )
    .filter((each) => Service.parse(each).spec.ports.some(({ name }) => name === endpoints[0].port));
}
