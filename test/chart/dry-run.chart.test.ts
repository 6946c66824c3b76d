import { setTimeout } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { startControlPlane, type TestControlPlane } from "../support/control-plane.ts";
import { release, render, type Rendered } from "./chart.ts";
import { podsOf } from "./pods.ts";
import { switches } from "./switches.ts";

const { namespace } = release;
const stack = new AsyncDisposableStack();
let plane: TestControlPlane;

/** A stand-in for a definition of the Prometheus operator, which takes any spec. */
const standIn = (kind: string, plural: string): object => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${plural}.monitoring.coreos.com` },
  spec: {
    group: "monitoring.coreos.com",
    scope: "Namespaced",
    names: { kind, plural },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
      },
    ],
  },
});

const isThere = (...asked: readonly string[]): Promise<boolean> =>
  plane.kubectl(["get", ...asked]).then(
    () => true,
    () => false,
  );

const list = (items: readonly object[]): string => JSON.stringify({ apiVersion: "v1", kind: "List", items });

beforeAll(async () => {
  plane = stack.use(await startControlPlane());
  for (const name of [namespace, "trams"]) await plane.kubectl(["create", "namespace", name]);
  const enforced = "pod-security.kubernetes.io/enforce=restricted";
  await plane.kubectl(["label", "namespace", namespace, enforced]);
  const definitions = [
    standIn("PrometheusRule", "prometheusrules"),
    standIn("ServiceMonitor", "servicemonitors"),
  ];
  await plane.kubectl(["create", "--filename=-"], list(definitions));
  const accounts = (await render()).filter(({ kind }) => kind === "ServiceAccount");
  await plane.kubectl(["create", "--filename=-"], list(accounts));
  while (!(await isThere("servicemonitors,prometheusrules", `--namespace=${namespace}`)))
    await setTimeout(100);
  while (!(await isThere("serviceaccount", "default", `--namespace=${namespace}`))) await setTimeout(100);
}, 120_000);
afterAll(() => stack.disposeAsync());

/** Names of what the API server would have made of these objects. */
async function tried(objects: readonly object[]): Promise<readonly string[]> {
  const strictly = ["--server-side", "--force-conflicts", "--dry-run=server", "--validate=strict"];
  const said = await plane.kubectl(["apply", ...strictly, "--filename=-", "--output=name"], list(objects));
  return said.trim().split("\n");
}

describe("the API server takes every object", () => {
  test.each(switches)(
    "%s",
    async (_what, values) => {
      const objects = await render(...values);
      expect(await tried(objects)).toHaveLength(objects.length);
    },
    30_000,
  );
});

test("and refuses one that is wrong", async () => {
  const [first, ...others] = await render();
  await expect(tried([{ ...first, spec: { nothing: 1 } }, ...others])).rejects.toThrow(/nothing/u);
});

describe("a namespace of restricted Pod Security takes every Pod", () => {
  const asPods = (objects: readonly Rendered[]): object[] =>
    podsOf(objects).map(({ metadata: { labels }, spec }, index) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: `pod-${String(index)}`, namespace, labels },
      spec,
    }));

  test.each([
    ["apart", [], 4],
    ["in one Pod", ['sidecar.placement="Pod"'], 3],
    ["with a database to try it out", ['database.secretName=""', "demo.enabled=true"], 5],
    ["users that the platform chooses", ['security={"runAsUser":null,"fsGroup":null}'], 4],
  ])(
    "%s",
    async (_what, values, count) => {
      expect(await tried(asPods(await render(...values)))).toHaveLength(count);
    },
    30_000,
  );

  test("and refuses one that may become root", async () => {
    const [pod] = asPods(await render());
    const loose = JSON.parse(
      JSON.stringify(pod).replaceAll('"allowPrivilegeEscalation":false', '"allowPrivilegeEscalation":true'),
    ) as object;
    await expect(tried([loose])).rejects.toThrow(/violates PodSecurity "restricted/u);
  });
});
