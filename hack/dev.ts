import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import { stringify } from "yaml";

import { fillDatabase } from "../trainer/demo/fill.ts";
import { demoOptions, type DemoOptions } from "../trainer/demo/options.ts";
import { importImage } from "./cluster/node/import-image.ts";
import { freePorts } from "./cluster/ports.ts";
import { findCluster, type DevCluster } from "./dev/cluster.ts";
import { configurationFor, devAccount, objectsFor } from "./dev/objects.ts";
import { ownAddress, startNodePostgres } from "./dev/postgres.ts";
import { runPrograms } from "./dev/programs.ts";
import { ensureImages, trainerImage } from "./images.ts";
import type { Say } from "./xgboost/run.ts";

const namespace = "retrain-dev";
const project = path.join(import.meta.dirname, "..");

const usage = "npm run dev -- [--data DIR | --stations N --years N --seed N]";

/**
 * `npm run dev`: the operator and its sidecar, from source, on a cluster that is there, with a
 * database of their own. Everything but the objects in the cluster ends with them.
 */
async function dev(args: readonly string[], say: Say): Promise<number> {
  const options = dataOptions(args);
  const cluster = await findCluster(process.env);
  await installDefinition(cluster);
  await offerImages(cluster, say);
  await using postgres = await startNodePostgres(ownAddress(await serverOf(cluster)), say);
  const asOf = await fillDatabase(postgres.url, options, say);
  await apply(cluster, objectsFor(namespace, postgres.url));
  if (cluster.isOurs)
    await cluster.kubectl(["config", "set-context", "--current", `--namespace=${namespace}`]);
  await using configuration = await temporaryFile("configuration.yaml", stringify(configurationFor(asOf)));
  const [port = 0] = await freePorts(1);
  say(whatNext(cluster, port));
  return await runBoth(cluster, configuration.path, port);
}

/** Those of the demo that say what the database holds. */
function dataOptions(args: readonly string[]): DemoOptions {
  const text = { type: "string" } as const;
  try {
    parseArgs({ args: [...args], options: { data: text, stations: text, years: text, seed: text } });
  } catch (cause) {
    const problem = Error.isError(cause) ? cause.message : String(cause);
    throw new Error(`Cannot understand the command line: ${problem}. Usage: ${usage}`, { cause });
  }
  return demoOptions(args);
}

async function installDefinition(cluster: DevCluster): Promise<void> {
  const file = path.join(project, "crds", "retrainrun.yaml");
  await cluster.kubectl([...serverSide, `--filename=${file}`]);
  await cluster.kubectl(["wait", `--for=jsonpath=${isEstablished}=True`, "crd/retrainruns.retrain.velo"]);
}

/** By its path, for in the first moments there are no conditions at all, which waiting for one takes for an error. */
const isEstablished = '{.status.conditions[?(@.type=="Established")].status}';

const serverSide = ["apply", "--server-side", "--force-conflicts"];

const apply = (cluster: DevCluster, objects: object): Promise<string> =>
  cluster.kubectl([...serverSide, "--filename=-"], JSON.stringify(objects));

/** The trainer as it is now, whenever the node was started. */
async function offerImages({ nodePid }: DevCluster, say: Say): Promise<void> {
  if (nodePid === undefined) {
    say(
      `The cluster has no node of ours: a Pod needs the image ${trainerImage} and a way to the database here`,
    );
    return;
  }
  for (const image of await ensureImages(say, [trainerImage])) await importImage(nodePid, image);
}

const serverOf = (cluster: DevCluster): Promise<string> =>
  cluster.kubectl(["config", "view", "--minify", "--output=jsonpath={.clusters[0].cluster.server}"]);

/** The kubeconfig of somebody else's cluster stays as it is, so there the namespace has to be said. */
function whatNext({ kubeconfig, isOurs }: DevCluster, port: number): string {
  const where = isOurs ? "" : ` --namespace=${namespace}`;
  return `
The operator and its sidecar run until Ctrl-C. In another terminal:
  export KUBECONFIG=${kubeconfig}
  kubectl apply${where} --filename=docs/examples/retrainrun.yaml
  kubectl get retrainruns${where} --watch
  kubectl create token${where} ${devAccount} --audience=retrain-operator
The page takes that token: http://127.0.0.1:${String(port)}/
`;
}

/** Their exit code. */
function runBoth({ kubeconfig }: DevCluster, configuration: string, port: number): Promise<number> {
  const environment = {
    LISTEN_ON: "loopback",
    KUBECONFIG: kubeconfig,
    CONFIG_FILE: configuration,
    POD_NAMESPACE: namespace,
    WATCH_NAMESPACES: namespace,
    METRICS_PORT: "0",
  };
  return runPrograms([
    { file: path.join(project, "operator", "main.ts"), environment: { ...environment, PORT: "0" } },
    {
      file: path.join(project, "operator", "sidecar", "main.ts"),
      environment: { ...environment, PORT: String(port) },
    },
  ]);
}

async function temporaryFile(
  name: string,
  content: string,
): Promise<AsyncDisposable & { readonly path: string }> {
  const directory = await mkdtemp(path.join(tmpdir(), "retrain-dev-"));
  await writeFile(path.join(directory, name), content);
  const remove = () => rm(directory, { recursive: true });
  return { path: path.join(directory, name), [Symbol.asyncDispose]: remove };
}

const say: Say = (line) => void process.stderr.write(`${line}\n`);
try {
  process.exitCode = await dev(process.argv.slice(2), say);
} catch (error) {
  if (!Error.isError(error)) throw error;
  say(error.message);
  process.exitCode = 1;
}
