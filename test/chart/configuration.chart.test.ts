import { expect, test } from "@jest/globals";

import { resolveSections, type Configuration } from "../../contract/configuration.ts";
import { parseConfiguration } from "../../operator/configuration-file.ts";
import { configurationText, render, type Rendered } from "./chart.ts";
import { podsOf } from "./pods.ts";

/** The document as operator, sidecar and create-run read it. */
const configured = async (...values: readonly string[]): Promise<Configuration> =>
  parseConfiguration(configurationText(await render(...values)), "configuration.yaml");

const checksums = (objects: readonly Rendered[]): Set<string | undefined> =>
  new Set(
    podsOf(objects)
      .filter(({ spec }) => spec.volumes.length > 0)
      .map(({ metadata }) => metadata.annotations["checksum/configuration"]),
  );

test("without a word it is the built-in model with the release's Secret, claim and image", async () => {
  const configuration = await configured();
  const { source, storage, job, gate } = resolveSections({}, configuration);
  expect(configuration.model).toBe("bike-traffic");
  expect(configuration.models).toEqual({
    "bike-traffic": { schedule: "0 2 1 * *", timeZone: "Europe/Paris", suspend: false, spec: {} },
  });
  expect(source.secretRef).toEqual({ name: "bikes-database", key: "DATABASE_URL" });
  expect(storage).toMatchObject({ claimName: "monthly-retrain-operator-models", subPath: "" });
  expect(job).toMatchObject({ image: "retrain-trainer:0.1.0", retries: 2 });
  expect(gate.tolerancePercent).toBe(5);
});

test("fields of specs are for all models or for one, beside what the chart knows itself", async () => {
  const configuration = await configured(
    'defaults={"gate":{"minSkillPercent":0},"storage":{"legacyPickle":true,"keepRejected":false},"job":{"retries":0}}',
    'models=[{"name":"trams","spec":{"gate":{"tolerancePercent":3}}},{"name":"bikes"}]',
    'storage={"existingClaim":"shared","subPath":"models"}',
  );
  expect(configuration.model).toBe("trams");
  const trams = resolveSections({ model: "trams" }, configuration);
  const bikes = resolveSections({ model: "bikes" }, configuration);
  expect([trams.gate.tolerancePercent, bikes.gate.tolerancePercent]).toEqual([3, 5]);
  for (const { gate, storage, job } of [trams, bikes]) {
    expect(gate.minSkillPercent).toBe(0);
    expect(job.retries).toBe(0);
    expect(storage).toMatchObject({ claimName: "shared", subPath: "models", legacyPickle: true });
  }
});

test("without models there is the built-in one", async () => {
  expect(await configured("models=[]")).toMatchObject({ model: "bike-traffic", models: {} });
});

test.each<[string, string, Partial<Configuration["pod"]>]>([
  [
    "placement",
    'trainer={"priorityClassName":"batch","nodeSelector":{"disk":"fast"}}',
    {
      priorityClassName: "batch",
      nodeSelector: { disk: "fast" },
    },
  ],
  [
    "images",
    'images={"pullPolicy":"Always","pullSecrets":["registry"]}',
    {
      imagePullPolicy: "Always",
      imagePullSecrets: ["registry"],
    },
  ],
  ["a certificate authority", 'database.caConfigMap="authority"', { databaseCaConfigMap: "authority" }],
  [
    "a platform that chooses users",
    'security={"runAsUser":null,"fsGroup":null}',
    {
      runAsUser: null,
      fsGroup: null,
    },
  ],
])("trainer Pods: %s", async (_what, value, expected) => {
  expect((await configured(value)).pod).toMatchObject(expected);
});

test("a trainer of a ReadWriteOnce volume is placed where its readers are, beside what else is asked", async () => {
  const term = (app: string): object => ({
    labelSelector: { matchLabels: { app } },
    topologyKey: "kubernetes.io/hostname",
  });
  const required = "requiredDuringSchedulingIgnoredDuringExecution";
  const { pod } = await configured(
    `trainer.affinity=${JSON.stringify({ nodeAffinity: {}, podAffinity: { [required]: [term("cache")] } })}`,
    'storage.readerSelector={"app":"forecasts"}',
  );
  expect(pod.affinity).toEqual({
    nodeAffinity: {},
    podAffinity: { [required]: [term("cache"), term("forecasts")] },
  });
});

test("another configuration is another Pod everywhere, the same one the same", async () => {
  const [first, same, other] = await Promise.all([
    render(),
    render("operator.replicas=2"),
    render("keepRuns.failed=4"),
  ]);
  expect(checksums(first).size).toBe(1);
  expect(checksums(same)).toEqual(checksums(first));
  expect(checksums(first).union(checksums(other)).size).toBe(2);
});

test("a model that stands there twice is refused", async () => {
  await expect(render('models=[{"name":"trams"},{"name":"trams"}]')).rejects.toThrow(
    /models: trams .*twice/u,
  );
});
