import { existsSync } from "node:fs";
import path from "node:path";

import { describe, expect, test } from "@jest/globals";

import { readConfig } from "../../operator/config.ts";
import { readSidecarConfig } from "../../operator/sidecar/config.ts";
import { find, namesOf, render, type Rendered } from "./chart.ts";
import { containerOf, environmentOf, podOf, podsOf, type Container, type Template } from "./pods.ts";

const standard = await render();
const together = await render('sidecar.placement="Pod"');

const operatorIn = (objects: readonly Rendered[]): Template =>
  podOf(find(objects, "Deployment", "retrain-operator"));
const sidecarIn = (objects: readonly Rendered[]): Container =>
  containerOf(podOf(find(objects, "Deployment", "-sidecar")), "sidecar");

const fields = { "metadata.name": "pod-1", "metadata.namespace": "bikes" };
const noFile = (): string => "";

describe("what a process is told, it understands", () => {
  test.each<[string, string, ReturnType<typeof readConfig>["namespaces"]]>([
    ["its own namespace", "[]", ["bikes"]],
    ["several", '["bikes","trams"]', ["bikes", "trams"]],
    ["all", '["*"]', "all"],
  ])("the operator works in %s", async (_where, watched, namespaces) => {
    const pod = operatorIn(await render(`operator.watchNamespaces=${watched}`, 'operator.logLevel="debug"'));
    const config = readConfig(environmentOf(containerOf(pod, "operator"), fields), noFile, () => "1");
    expect(config).toMatchObject({
      namespaces,
      podNamespace: "bikes",
      identity: "pod-1_1",
      version: "0.1.0",
      logLevel: "debug",
    });
  });

  test("the sidecar", async () => {
    const objects = await render(
      'sidecar={"audience":"bikes","ratePerMinute":1000000,"metricsAccess":"token","staticToken":{"secretName":"door"}}',
    );
    expect(readSidecarConfig(environmentOf(sidecarIn(objects), fields), noFile)).toMatchObject({
      namespace: "bikes",
      audience: "bikes",
      ratePerMinute: 1_000_000,
      metricsAccess: "token",
      staticTokenFile: "/etc/retrain-token/token",
    });
  });

  test("variables of a proxy come to both", async () => {
    const proxy = '{"env":{"HTTPS_PROXY":"http://proxy:3128"}}';
    const objects = await render(`operator=${proxy}`, `sidecar=${proxy}`);
    for (const container of [containerOf(operatorIn(objects), "operator"), sidecarIn(objects)]) {
      expect(environmentOf(container, fields)["HTTPS_PROXY"]).toBe("http://proxy:3128");
    }
  });
});

test.each(["operator", "sidecar"])(
  "the ports and the probes of the %s are those that it listens on",
  (name) => {
    const container = containerOf(operatorIn(together), name);
    const { PORT, METRICS_PORT } = environmentOf(container, fields);
    expect(container.ports.map(({ containerPort }) => String(containerPort))).toEqual(
      METRICS_PORT === undefined ? [PORT] : [PORT, METRICS_PORT],
    );
    const { startupProbe, livenessProbe, readinessProbe } = container;
    const [own] = container.ports;
    expect([startupProbe, livenessProbe, readinessProbe].map((probe) => probe?.httpGet)).toEqual([
      { path: "/healthz", port: own?.name },
      { path: "/healthz", port: own?.name },
      { path: "/readyz", port: own?.name },
    ]);
  },
);

test("the programs of all containers are in the sources", () => {
  const pods = podsOf(standard.filter(({ kind }) => kind !== "Pod"));
  const programs = pods.flatMap(({ spec }) => spec.containers.map(({ command }) => command.at(-1) ?? ""));
  expect(programs).toHaveLength(3);
  const project = path.join(import.meta.dirname, "..", "..");
  for (const program of programs) {
    expect(existsSync(path.join(project, path.relative("/app", program)))).toBe(true);
  }
});

describe("the sidecar in the operator's Pod", () => {
  test("has no Deployment, account or budget of its own", () => {
    expect(namesOf(together).filter((name) => name.endsWith("-sidecar"))).toEqual([
      "ClusterRole bikes.monthly-retrain-operator-sidecar",
      "ClusterRoleBinding bikes.monthly-retrain-operator-sidecar",
      "NetworkPolicy monthly-retrain-operator-sidecar",
      "Role monthly-retrain-operator-sidecar",
      "RoleBinding monthly-retrain-operator-sidecar",
      "Service monthly-retrain-operator-sidecar",
    ]);
  });

  test("has its rights by the operator's account, which is believed in its place", () => {
    for (const kind of ["RoleBinding", "ClusterRoleBinding"]) {
      expect(find(together, kind, "-sidecar")["subjects"]).toEqual([
        { kind: "ServiceAccount", name: "monthly-retrain-operator", namespace: "bikes" },
      ]);
    }
    expect(JSON.stringify(find(together, "ValidatingAdmissionPolicy")["spec"])).toContain(
      "system:serviceaccount:bikes:monthly-retrain-operator\\",
    );
  });

  test("shares no port and no name of a port with it", () => {
    const ports = operatorIn(together).spec.containers.flatMap((container) => container.ports);
    expect(new Set(ports.map(({ name }) => name)).size).toBe(3);
    expect(new Set(ports.map(({ containerPort }) => containerPort)).size).toBe(3);
  });
});

test.each<[string, readonly Rendered[]]>([
  ["apart", standard],
  ["in one Pod", together],
])("each Service leads to Pods that have its ports (%s)", (_where, objects) => {
  const services = objects.filter(({ kind }) => kind === "Service");
  expect(services).toHaveLength(3);
  for (const service of services) {
    const { selector, ports } = service["spec"] as {
      selector: Record<string, string>;
      ports: { targetPort: string }[];
    };
    const chosen = podsOf(objects).filter(({ metadata: { labels } }) =>
      Object.entries(selector).every(([name, value]) => labels[name] === value),
    );
    expect(chosen).toHaveLength(1);
    const offered = chosen.flatMap(({ spec }) => spec.containers.flatMap((each) => each.ports));
    for (const { targetPort } of ports) expect(offered.map(({ name }) => name)).toContain(targetPort);
  }
});

test.each([
  ["of its own", "-sidecar", "Deployment"],
  ["with the operator", "retrain-operator", "Pod"],
])(
  "in a Pod %s, the sidecar reads the models where it is told to, and cannot write",
  async (_what, end, placement) => {
    const reads = ["sidecar.mountModels=true", 'storage.accessModes=["ReadWriteMany"]'];
    const objects = await render(...reads, `sidecar.placement="${placement}"`);
    const pod = podOf(find(objects, "Deployment", end));
    const container = containerOf(pod, "sidecar");
    const { modelsDirectory } = readSidecarConfig(environmentOf(container, fields), noFile);
    expect(container.volumeMounts).toContainEqual({
      name: "models",
      mountPath: modelsDirectory,
      readOnly: true,
    });
    const claimName = "monthly-retrain-operator-models";
    const source = { persistentVolumeClaim: { claimName, readOnly: true } };
    expect(pod.spec.volumes).toContainEqual({ name: "models", ...source });
    expect(JSON.stringify(standard.map((object) => object["spec"]))).not.toContain(claimName);
  },
);

test("a digest says what runs, and stands above the tag", async () => {
  const digest = `sha256:${"0".repeat(64)}`;
  const image = (rest: object): string => JSON.stringify({ repository: "r.example/operator", ...rest });
  const images = async (rest: object): Promise<Set<string>> => {
    const objects = await render(`images.operator=${image(rest)}`);
    return new Set(podsOf(objects).flatMap(({ spec }) => spec.containers.map((each) => each.image)));
  };
  expect(await images({})).toEqual(new Set(["r.example/operator:0.1.0"]));
  expect(await images({ tag: "1" })).toEqual(new Set(["r.example/operator:1"]));
  expect(await images({ tag: "1", digest })).toEqual(new Set([`r.example/operator@${digest}`]));
});

test("placement and the like reach each Pod", async () => {
  const placed = {
    priorityClassName: "important",
    nodeSelector: { disk: "fast" },
    affinity: { nodeAffinity: {} },
    tolerations: [{ key: "spot", operator: "Exists" }],
  };
  const values = JSON.stringify({ ...placed, podLabels: { team: "bikes" }, podAnnotations: { note: "x" } });
  const objects = await render(
    ...["operator", "sidecar", "createRun"].map((part) => `${part}=${values}`),
    'images.pullSecrets=["registry"]',
  );
  const pods = podsOf(objects.filter(({ kind }) => kind !== "Pod"));
  expect(pods).toHaveLength(3);
  for (const { spec, metadata } of pods) {
    expect(spec).toMatchObject({ ...placed, imagePullSecrets: [{ name: "registry" }] });
    expect(metadata).toMatchObject({ labels: { team: "bikes" }, annotations: { note: "x" } });
  }
});

test("Pods of one Deployment go to different nodes where that can be, unless told otherwise", async () => {
  const spread = (objects: readonly Rendered[]): unknown =>
    operatorIn(objects).spec["topologySpreadConstraints"];
  expect(spread(standard)).toMatchObject([
    { topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway" },
  ]);
  const own = [{ maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" }];
  const objects = await render(`operator.topologySpreadConstraints=${JSON.stringify(own)}`);
  expect(spread(objects)).toEqual(own);
});
