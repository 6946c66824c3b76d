import type { z } from "zod";

import type { Configuration } from "../../contract/configuration.ts";
import { configurationFor } from "../../hack/dev/objects.ts";
import { fillDatabase } from "../../trainer/demo/fill.ts";
import { demoOptions } from "../../trainer/demo/options.ts";
import { startNode, type TestNode } from "../support/node.ts";
import type { OperatorProcess } from "../support/operator-process.ts";
import type { Place } from "./place.ts";
import { startScene } from "./scene.ts";

type Pods = Exclude<z.input<typeof Configuration>["pod"], undefined>;

/** A namespace with a volume, a database and an operator of its own, on a node that runs real trainers. */
export interface NodePlace extends Place {
  readonly operator: OperatorProcess;
  /** kubectl in this namespace. */
  kubectl(...words: readonly string[]): Promise<string>;
  /** Where the models lie on this machine, once a trainer has had the volume. */
  models(): Promise<string>;
}

export interface NodeScene extends AsyncDisposable {
  readonly node: TestNode;
  /** The day on which the counts end. */
  readonly asOf: string;
  /** The operator knows the models named, or the default one only. */
  place(namespace: string, options?: PlaceOptions): Promise<NodePlace>;
}

interface PlaceOptions {
  readonly pod?: Pods;
  readonly models?: readonly string[];
}

/** The Secret of the database and the claim of the models, as the built-in defaults name them. */
export const [secret, claim] = ["retrain-database", "retrain-models"] as const;
/** An image that the configuration allows and no registry has. */
export const missingImage = "localhost/nobody/trainer:none";
/** Three small trees in the place of a search. */
export const quick = { grid: { maxDepth: [3], learningRate: [0.1], rounds: [50, 100] }, folds: 2 };
/** Of training for minutes: long enough to be interrupted on any machine. */
export const slow = { grid: { maxDepth: [12], learningRate: [0.01], rounds: [20_000] } };

/** A real node with the trainer's image, and a year of generated counts in a real PostgreSQL that Pods reach. */
export async function startNodeScene(): Promise<NodeScene> {
  const holder: TestNode[] = [];
  const scene = await startScene(async () => {
    const node = await startNode();
    holder.push(node);
    return node;
  }, 280);
  const [node] = holder;
  if (node === undefined) throw new Error("No node was started");
  try {
    const options = demoOptions(["--stations=10", "--years=1"]);
    const asOf = await fillDatabase(node.databaseUrl, options, () => undefined);
    return {
      node,
      asOf,
      place: (namespace, options = {}) => placeOn(node, scene, { namespace, asOf, ...options }),
      [Symbol.asyncDispose]: () => scene[Symbol.asyncDispose](),
    };
  } catch (error) {
    await scene[Symbol.asyncDispose]();
    throw error;
  }
}

interface Wanted extends PlaceOptions {
  readonly namespace: string;
  readonly asOf: string;
}

async function placeOn(
  node: TestNode,
  scene: Awaited<ReturnType<typeof startScene>>,
  { namespace, asOf, pod, models = [] }: Wanted,
): Promise<NodePlace> {
  await node.makeNamespace(namespace);
  await node.makeClaim(namespace, claim);
  await node.makeDatabaseSecret(namespace, secret);
  const configuration = {
    ...configurationFor(asOf),
    models: Object.fromEntries(models.map((name) => [name, {}])),
    allowed: { images: [missingImage], secrets: ["nobody"] },
    pod: { imagePullPolicy: "IfNotPresent" as const, terminationGracePeriodSeconds: 30, ...pod },
  };
  const operator = await scene.operator({ namespace, watched: [namespace], configuration });
  return Object.assign(await scene.place(namespace), {
    operator,
    kubectl: (...words: readonly string[]) => node.kubectl([...words, `--namespace=${namespace}`]),
    models: () => node.pathOf(namespace, claim),
  });
}
