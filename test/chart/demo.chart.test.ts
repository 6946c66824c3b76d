import { existsSync } from "node:fs";
import path from "node:path";

import { describe, expect, test } from "@jest/globals";
import { z } from "zod";

import { resolveSections } from "../../contract/configuration.ts";
import { parseConfiguration } from "../../operator/configuration-file.ts";
import { trainerLabels } from "../../operator/reconcile/labels.ts";
import { configurationText, find, namesOf, render } from "./chart.ts";
import { containerOf, podOf, type Container } from "./pods.ts";

const standard = await render();
const demo = await render('database.secretName=""', "demo.enabled=true", "demo.years=1.5");

const name = "monthly-retrain-operator-demo";
const Secret = z.looseObject({ stringData: z.record(z.string(), z.string()) });
const secret = Secret.parse(find(demo, "Secret")).stringData;
const pod = podOf(find(demo, "Deployment", "-demo"));

test("without being asked for, there is nothing of it", () => {
  const before = new Set(namesOf(standard));
  expect(namesOf(demo).filter((each) => !before.has(each))).toEqual(
    ["Deployment", "NetworkPolicy", "Secret", "Service"].map((kind) => `${kind} ${name}`),
  );
});

test("runs read its address from its Secret, whose password is random", async () => {
  const { source } = resolveSections({}, parseConfiguration(configurationText(demo), "configuration.yaml"));
  expect(source.secretRef).toEqual({ name, key: "DATABASE_URL" });
  const url = new URL(secret["DATABASE_URL"] ?? "");
  expect(url).toMatchObject({
    hostname: `${name}.bikes`,
    port: "5432",
    pathname: "/bikes",
    username: "retrain",
  });
  expect(url.password).toMatch(/^[A-Za-z0-9]{32}$/u);
  expect(url.password).toBe(secret["POSTGRES_PASSWORD"]);
  const again = await render('database.secretName=""', "demo.enabled=true");
  expect(Secret.parse(find(again, "Secret")).stringData).not.toEqual(secret);
});

describe("its Pod", () => {
  const server = containerOf(pod, "postgresql");
  const Mounts = z.looseObject({
    volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })),
  });
  const [counts] = z
    .array(z.looseObject({ image: z.string(), command: z.array(z.string()) }))
    .parse(pod.spec["initContainers"]);

  test("has the trainer's image write counts where PostgreSQL's looks for them", () => {
    const [, program = "", file = "", ...words] = counts?.command ?? [];
    expect(existsSync(path.join(import.meta.dirname, "..", "..", path.relative("/app", program)))).toBe(true);
    expect([counts?.image, words]).toEqual(["retrain-trainer:0.1.0", ["--stations=40", "--years=1.5"]]);
    const placeOf = (container: unknown): string | undefined =>
      Mounts.parse(container).volumeMounts.find((mount) => mount.name === "scripts")?.mountPath;
    expect(placeOf(counts)).toBe(path.dirname(file));
    expect(placeOf(server)).toBe("/docker-entrypoint-initdb.d");
  });

  test("takes the user and the database that the address names", () => {
    const env = new Map(server.env.map(({ name: key, value }) => [key, value]));
    expect([env.get("POSTGRES_USER"), env.get("POSTGRES_DB")]).toEqual(["retrain", "bikes"]);
  });

  test("is made anew for another password, and never beside an older one", async () => {
    const other = await render('database.secretName=""', "demo.enabled=true");
    const sum = "checksum/password";
    expect(podOf(find(other, "Deployment", "-demo")).metadata.annotations[sum]).not.toBe(
      pod.metadata.annotations[sum],
    );
    expect(find(demo, "Deployment", "-demo")["spec"]).toMatchObject({ strategy: { type: "Recreate" } });
  });

  test("runs PostgreSQL as its image's user, or as the platform wants", async () => {
    const userOf = (container: Container): unknown =>
      (container["securityContext"] as Readonly<Record<string, unknown>>)["runAsUser"];
    expect(userOf(server)).toBe(999);
    const free = await render('database.secretName=""', "demo.enabled=true", "security.runAsUser=null");
    expect(userOf(containerOf(podOf(find(free, "Deployment", "-demo")), "postgresql"))).toBeUndefined();
  });
});

test("it is reached by trainers only and reaches nothing; trainers reach no other database", () => {
  const Rules = z.array(
    z.object({
      ports: z.array(z.object({ port: z.int() })),
      ...{ from: Peers.optional(), to: Peers.optional() },
    }),
  );
  const Spec = z.looseObject({ spec: z.object({ ingress: Rules.default([]), egress: Rules.default([]) }) });
  const own = Spec.parse(find(demo, "NetworkPolicy", "-demo")).spec;
  const trainers = Spec.parse(find(demo, "NetworkPolicy", "-trainer")).spec;
  const database = trainers.egress.filter(({ ports }) => ports.some(({ port }) => port === 5432));

  expect(own.egress).toEqual([]);
  expect(own.ingress).toHaveLength(1);
  expect(own.ingress.map(({ from }) => selected(from, trainerLabels))).toEqual([true]);
  expect(own.ingress.map(({ from }) => selected(from, pod.metadata.labels))).toEqual([false]);
  expect(database.map(({ to }) => selected(to, pod.metadata.labels))).toEqual([true]);
  expect(database.map(({ to }) => selected(to, trainerLabels))).toEqual([false]);
});

const Peers = z.tuple([
  z.strictObject({ podSelector: z.strictObject({ matchLabels: z.record(z.string(), z.string()) }) }),
]);

const selected = (
  peers: z.infer<typeof Peers> | undefined,
  labels: Readonly<Record<string, string>>,
): boolean =>
  Object.entries(peers?.[0].podSelector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
