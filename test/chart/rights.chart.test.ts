import { expect, test } from "@jest/globals";

import { find, release, render, type Rendered } from "./chart.ts";

type Rule = readonly [group: string, resource: string, verbs: string];

const operator: readonly Rule[] = [
  ["retrain.velo", "retrainruns", "get list watch patch delete"],
  ["retrain.velo", "retrainruns/status", "patch update"],
  ["retrain.velo", "retrainruns/finalizers", "update"],
  ["batch", "jobs", "get list watch create patch delete"],
  ["", "pods", "get list watch"],
  ["", "pods/log", "get"],
  ["", "events", "list watch"],
  ["events.k8s.io", "events", "create patch"],
  ["coordination.k8s.io", "leases", "get create update"],
];
const sidecar: readonly Rule[] = [
  ["retrain.velo", "retrainruns", "get list watch create patch"],
  ["", "pods", "get list"],
  ["", "pods/log", "get"],
];
const reviews: readonly Rule[] = [
  ["authentication.k8s.io", "tokenreviews", "create"],
  ["authorization.k8s.io", "subjectaccessreviews", "create"],
];
const createRun: readonly Rule[] = [
  ["retrain.velo", "retrainruns", "get list create"],
  ["batch", "jobs", "get"],
];

const written = (rules: readonly Rule[]): object[] =>
  rules.map(([group, resource, verbs]) => ({
    apiGroups: [group],
    resources: [resource],
    verbs: verbs.split(" "),
  }));

const kinds = ["Role", "ClusterRole"];
const roles = (objects: readonly Rendered[]): Rendered[] =>
  objects.filter(({ kind }) => kinds.includes(kind));

const standard = await render();

test.each<[string, string, string, readonly Rule[]]>([
  ["the operator", "Role", "monthly-retrain-operator", operator],
  ["the sidecar", "Role", "monthly-retrain-operator-sidecar", sidecar],
  ["the sidecar, about tokens", "ClusterRole", "bikes.monthly-retrain-operator-sidecar", reviews],
  ["create-run", "Role", "monthly-retrain-operator-create-run", createRun],
])("%s may do what it needs and nothing else", (_who, kind, name, rules) => {
  expect(find(standard, kind, name)["rules"]).toEqual(written(rules));
});

test("there is no other role, but those of users", () => {
  expect(
    roles(standard)
      .map(({ metadata }) => metadata.name)
      .toSorted(),
  ).toEqual([
    "bikes.monthly-retrain-operator",
    "bikes.monthly-retrain-operator-sidecar",
    "monthly-retrain-operator-create-run",
    "monthly-retrain-operator-sidecar",
    "retrainrun-editor",
    "retrainrun-viewer",
  ]);
});

test("nobody reads Secrets, and no rule has a wildcard", async () => {
  const everywhere = await render('operator.watchNamespaces=["*"]');
  expect(JSON.stringify([...roles(standard), ...roles(everywhere)].map((role) => role["rules"]))).not.toMatch(
    /secrets|\*/u,
  );
});

test.each([
  ["its own namespace unless told otherwise", "[]", ["Role bikes"]],
  ["those that it is told", '["bikes","trams"]', ["Role bikes", "Role trams"]],
  ["all", '["*"]', ["ClusterRole undefined"]],
])("the operator has its rights in %s", async (_where, namespaces, expected) => {
  const objects = await render(`operator.watchNamespaces=${namespaces}`);
  const name = "bikes.monthly-retrain-operator";
  const named = (kind: string) => (each: Rendered) =>
    each.kind.endsWith(kind) && each.metadata.name === name
      ? [`${each.kind} ${String(each.metadata.namespace)}`]
      : [];
  expect(objects.flatMap(named("Role"))).toEqual(expected);
  const bindings = expected.map((each) => each.replace("Role", "RoleBinding"));
  expect(objects.flatMap(named("RoleBinding"))).toEqual(bindings);
});

test("each binding leads to a role and from an account of the release", () => {
  const names = new Set(roles(standard).map(({ kind, metadata }) => `${kind} ${metadata.name}`));
  const accounts = standard
    .filter(({ kind }) => kind === "ServiceAccount")
    .map(({ metadata }) => metadata.name);
  const bindings = standard.filter(({ kind }) => kind.endsWith("RoleBinding"));
  expect(bindings).toHaveLength(4);
  for (const { roleRef, subjects } of bindings) {
    const { kind, name } = roleRef as { kind: string; name: string };
    expect(names).toContain(`${kind} ${name}`);
    const [subject] = subjects as [{ name: string; namespace: string }];
    expect(accounts).toContain(subject.name);
    expect(subject.namespace).toBe(release.namespace);
  }
});

test("a second release leaves what is the cluster's to the first", async () => {
  const names = (await render("crds.install=false")).map(({ metadata }) => metadata.name);
  expect(names.filter((name) => name.startsWith("retrainrun-"))).toEqual([]);
});

test("without the sidecar nobody has its rights", async () => {
  const objects = await render("sidecar.enabled=false");
  expect(objects.filter(({ metadata }) => metadata.name.endsWith("-sidecar"))).toEqual([]);
});

test.each([
  ['operator.watchNamespaces=["Bikes"]', /watchNamespaces/u],
  ['admissionPolicy.enabled="yes"', /admissionPolicy/u],
  ["sidekar.enabled=true", /sidekar/u],
  ["sidecar.serviceAccount.create=false", /sidecar\.serviceAccount\.name is needed/u],
])("%s is refused by name", async (value, complaint) => {
  await expect(render(value)).rejects.toThrow(complaint);
});
