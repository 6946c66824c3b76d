import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { startControlPlane, type TestControlPlane } from "../support/control-plane.ts";
import { chart, helm, settings } from "./chart.ts";

const stack = new AsyncDisposableStack();
let plane: TestControlPlane;
/** The chart as a later version may be: its CRD has one more column. */
let newer: string;

beforeAll(async () => {
  plane = stack.use(await startControlPlane());
  const directory = await mkdtemp(path.join(tmpdir(), "retrain-chart-"));
  stack.defer(() => rm(directory, { recursive: true }));
  newer = path.join(directory, "retrain-operator");
  await cp(chart, newer, { recursive: true });
  const file = path.join(newer, "files", "retrainrun.yaml");
  const columns = "additionalPrinterColumns:\n";
  const added = "        - { name: Attempts, type: string, jsonPath: .status.nextRetryTime }\n";
  await writeFile(file, (await readFile(file, "utf8")).replace(columns, `${columns}${added}`));
}, 120_000);
afterAll(() => stack.disposeAsync());

const inCluster = (namespace: string, ...values: readonly string[]): Promise<string> =>
  helm(...values, "--namespace", namespace, "--kubeconfig", plane.kubeconfig);
const install = (namespace: string, ...values: readonly string[]): Promise<string> =>
  inCluster(namespace, "install", "monthly", chart, "--create-namespace", ...settings(...values));

const get = (namespace: string, ...asked: readonly string[]): Promise<string> =>
  plane.kubectl(["get", `--namespace=${namespace}`, ...asked]);
const uidOf = (namespace: string, what: string): Promise<string> =>
  get(namespace, what, "--output=jsonpath={.metadata.uid}");

const createRun = (namespace: string, name: string): Promise<string> =>
  plane.kubectl(
    ["create", "--filename=-"],
    JSON.stringify({
      apiVersion: "retrain.velo/v1alpha1",
      kind: "RetrainRun",
      metadata: { name, namespace },
    }),
  );

/** The first two of the three commands of the notes; the third needs a Pod, and is looked at. */
async function followNotes(said: string): Promise<void> {
  const [job = "", runs = "", page = ""] = said
    .split("\n")
    .flatMap((line) => (line.startsWith("   kubectl ") ? [line.trim().replace("kubectl ", "")] : []));
  expect(await plane.kubectl(job.split(" "))).toBe("job.batch/first-run created\n");
  await plane.kubectl(runs.replace(" --watch", "").split(" "));
  expect(page).toBe("port-forward --namespace bikes service/monthly-retrain-operator-sidecar 8080:80");
}

const claim = "pvc/monthly-retrain-operator-models";
const definition = "crd/retrainruns.retrain.velo";
const run = "retrainrun/first";
const image = "--output=jsonpath={.spec.template.spec.containers[0].image}";

test("installed, upgraded, rolled back, uninstalled and installed again, with the same claim, CRD and runs", async () => {
  const said = await install("bikes");
  for (const name of [
    "cronjob/monthly-retrain-operator-bike-traffic",
    "service/monthly-retrain-operator-sidecar",
  ]) {
    expect(said).toContain(name);
    await get("bikes", name);
  }
  await followNotes(said);
  await createRun("bikes", "first");
  const kept = [claim, definition, run];
  const uids = (): Promise<readonly string[]> => Promise.all(kept.map((what) => uidOf("bikes", what)));
  const before = await uids();

  await inCluster("bikes", "upgrade", "monthly", newer, ...settings('images.operator.tag="2"'));
  expect(await get("bikes", "deployment/monthly-retrain-operator", image)).toBe("retrain-operator:2");
  expect(await get("bikes", "retrainruns")).toContain("ATTEMPTS");
  expect(await uids()).toEqual(before);

  await inCluster("bikes", "rollback", "monthly", "1");
  expect(await get("bikes", "deployment/monthly-retrain-operator", image)).toBe("retrain-operator:0.1.0");
  expect(await get("bikes", "retrainruns")).not.toContain("ATTEMPTS");
  expect(await uids()).toEqual(before);

  await inCluster("bikes", "uninstall", "monthly");
  expect(await get("bikes", "deployments,cronjobs,configmaps,services", "--output=name")).toBe(
    "configmap/kube-root-ca.crt\n",
  );
  expect(await uids()).toEqual(before);

  await install("bikes");
  expect(await uids()).toEqual(before);
}, 120_000);

test("a second release in another namespace shares the CRD and nothing else", async () => {
  await expect(install("trams")).rejects.toThrow(/exists and cannot be imported/u);
  await install("trams", "crds.install=false");
  await createRun("trams", "second");

  await inCluster("trams", "uninstall", "monthly");
  await get("trams", "retrainrun/second");
  await get("bikes", "deployment/monthly-retrain-operator");
  const left = await get(
    "trams",
    "clusterroles,clusterrolebindings,validatingadmissionpolicies",
    "--output=name",
  );
  expect(left.split("\n").filter((name) => name.includes("trams."))).toEqual([]);
  expect(left).toContain("clusterrole.rbac.authorization.k8s.io/bikes.monthly-retrain-operator-sidecar");
}, 120_000);

const trial = ["trial", chart, "--set", "demo.enabled=true"];

test("to try it out, nothing has to be there and nothing else to be said; upgrades keep the database's password", async () => {
  const address = (): Promise<string> =>
    get("trial", "secret/trial-retrain-operator-demo", "--output=jsonpath={.data.DATABASE_URL}");
  const said = await inCluster(
    "trial",
    "install",
    ...[...trial, "--set", "crds.install=false", "--create-namespace"],
  );
  expect(said).toContain("This is for trying out");
  expect(said).toContain("Secret trial-retrain-operator-demo names");
  await get("trial", "deployment/trial-retrain-operator-demo");
  const before = await address();
  await inCluster("trial", "upgrade", ...trial, "--set", "crds.install=false", "--set", "demo.stations=10");
  expect(await address()).toBe(before);
}, 120_000);

test("when the release that had the CRD is gone, another one can take it over, with all runs", async () => {
  await inCluster("bikes", "uninstall", "monthly");
  const before = await uidOf("bikes", definition);
  await expect(inCluster("trial", "upgrade", ...trial)).rejects.toThrow(/exists and cannot be imported/u);
  await inCluster("trial", "upgrade", ...trial, "--take-ownership");
  expect(await uidOf("bikes", definition)).toBe(before);
  const owner = "--output=jsonpath={.metadata.annotations.meta\\.helm\\.sh/release-name}";
  expect(await get("trial", definition, owner)).toBe("trial");
  await get("trial", "clusterroles/retrainrun-viewer");
  await get("bikes", run);
}, 120_000);
