import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { z } from "zod";

import type { ImageArchive } from "../../hack/cluster/node/import-image.ts";
import { operatorImage, trainerImage } from "../../hack/images.ts";
import { fillDatabase } from "../../trainer/demo/fill.ts";
import { demoOptions } from "../../trainer/demo/options.ts";
import { quick } from "../operator/node-scene.ts";
import { openPlace, type Place } from "../operator/place.ts";
import { startNameServer } from "../support/name-server.ts";
import { startNode, type TestNode } from "../support/node.ts";
import { chart, helm, release } from "./chart.ts";

/** The chart on a real node: a namespace with a database's Secret, where Helm may install. */
export interface ProductScene extends AsyncDisposable {
  readonly node: TestNode;
  readonly place: Place;
  /** Helm in the namespace. */
  helm(verb: string, ...words: readonly string[]): Promise<string>;
  /** kubectl in the namespace. */
  kubectl(...words: readonly string[]): Promise<string>;
  /** A Pod of the operator's image that runs a program as anybody's Pod would; resolves to what it printed. */
  runPod(name: string, program: string, env: Readonly<Record<string, string>>): Promise<string>;
  /** Where the models lie on this machine, once a trainer has had the volume. */
  models(): Promise<string>;
}

/** The same image by another name, as a later version of it would have. */
export const laterOperator = operatorImage.replace(":dev", ":later");
const secret = "bikes-database";
export const fullName = `${release.name}-retrain-operator`;

export async function startProductScene(): Promise<ProductScene> {
  const stack = new AsyncDisposableStack();
  const more = async (archives: readonly ImageArchive[]): Promise<readonly ImageArchive[]> => {
    const known = archives.find(({ name }) => name === operatorImage);
    if (known === undefined) throw new Error(`There is no image ${operatorImage}`);
    const directory = await mkdtemp(path.join(tmpdir(), "retrain-image-"));
    stack.defer(() => rm(directory, { recursive: true }));
    return [...archives, await renamed(known, laterOperator, directory)];
  };
  try {
    const node = stack.use(await startNode([trainerImage, operatorImage], more));
    stack.use(await startNames(node));
    await node.makeNamespace(release.namespace);
    await node.makeDatabaseSecret(release.namespace, secret);
    const asOf = await fillDatabase(
      node.databaseUrl,
      demoOptions(["--stations=10", "--years=1"]),
      () => undefined,
    );
    const values = path.join(
      stack.adopt(await mkdtemp(path.join(tmpdir(), "retrain-values-")), removed),
      "values.json",
    );
    await writeFile(values, JSON.stringify(valuesFor(node, asOf)));
    return { ...toolsOf(node, values), [Symbol.asyncDispose]: () => stack.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

const removed = (directory: string): Promise<void> => rm(directory, { recursive: true });

/** Names of Services for Pods: a node of these tests has no DNS of its own. */
async function startNames(node: TestNode): Promise<AsyncDisposable> {
  const machine = new URL(node.url).hostname;
  await writeFile(path.join(path.dirname(node.kubeconfig), "resolv.conf"), `nameserver ${machine}\n`);
  return startNameServer(machine, async (name) => {
    const service = `/api/v1/namespaces/${release.namespace}/services/${name}`;
    return Service.safeParse((await node.ask(service)).object).data?.spec.clusterIP;
  });
}
const Service = z.object({ spec: z.object({ clusterIP: z.ipv4() }) });

/** What somebody writes into a values file, and a clock that stands where the generated data end. */
const valuesFor = (node: TestNode, asOf: string): object => ({
  database: { secretName: secret, port: Number(new URL(node.databaseUrl).port) },
  storage: { size: "1Gi" },
  images: {
    operator: { repository: operatorImage.split(":")[0], tag: "dev" },
    trainer: { repository: trainerImage.split(":")[0], tag: "dev" },
  },
  defaults: {
    source: { asOf },
    training: quick,
    job: { resources: { requests: { cpu: "200m", memory: "512Mi" }, limits: { memory: "2Gi" } } },
  },
});

function toolsOf(node: TestNode, values: string): Omit<ProductScene, typeof Symbol.asyncDispose> {
  const { namespace } = release;
  const kubectl = (...words: readonly string[]): Promise<string> =>
    node.kubectl([...words, "--namespace", namespace]);
  return {
    node,
    place: openPlace(node, namespace, 120),
    kubectl,
    helm: (verb, ...words) =>
      helm(
        ...[verb, ...words, "--namespace", namespace, "--kubeconfig", node.kubeconfig],
        ...(verb === "install" || verb === "upgrade" ? [chart, "--values", values] : []),
      ),
    runPod: async (name, program, env) => {
      await node.kubectl(
        ["create", "--namespace", namespace, "--filename=-"],
        JSON.stringify(podOf(name, program, env)),
      );
      await kubectl("wait", `pod/${name}`, "--for=jsonpath={.status.phase}=Succeeded", "--timeout=60s");
      return kubectl("logs", name);
    },
    models: async () => path.join(await node.pathOf(namespace, `${fullName}-models`), "bike-traffic"),
  };
}

const podOf = (name: string, program: string, env: Readonly<Record<string, string>>): object => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name },
  spec: {
    restartPolicy: "Never",
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name: "program",
        image: operatorImage,
        command: ["node", "--input-type=module", "--eval", program],
        env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
      },
    ],
  },
});

const Manifest = z.tuple([z.looseObject({ RepoTags: z.array(z.string()) })]);

async function renamed({ directory }: ImageArchive, name: string, work: string): Promise<ImageArchive> {
  const manifest = "manifest.json";
  for (const file of await readdir(directory)) {
    if (file !== manifest) await symlink(path.join(directory, file), path.join(work, file));
  }
  const [image] = Manifest.parse(JSON.parse(await readFile(path.join(directory, manifest), "utf8")));
  await writeFile(path.join(work, manifest), JSON.stringify([{ ...image, RepoTags: [name] }]));
  return { name, directory: work };
}

/** The Pods of a Deployment are the newest ones and answer. */
export async function rolledOut(scene: ProductScene, ...deployments: readonly string[]): Promise<void> {
  for (const name of deployments)
    await scene.kubectl("rollout", "status", `deployment/${name}`, "--timeout=90s");
}
