import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";

import { parse } from "yaml";
import { z } from "zod";

import { binarySearch } from "../../hack/cluster.ts";
import { call, type Call } from "../../hack/cluster/api.ts";
import { findBinaries, type Binaries } from "../../hack/cluster/binaries.ts";
import { startControlPlane as start, type ControlPlane } from "../../hack/cluster/control-plane.ts";
import { takeInventory } from "../../hack/cluster/inventory.ts";

/** What the API server answered: an object, or a Status that says why not. */
export interface Answer {
  readonly status: number;
  /** The sentence of a Status, else empty. */
  readonly message: string;
  readonly object: Readonly<Record<string, unknown>>;
}

/** A control plane for a file's tests: start it in beforeAll, dispose it in afterAll. It ends with this process too. */
export interface TestControlPlane extends ControlPlane {
  /** Calls the API as somebody who may do everything. */
  ask(path: string, options?: Call): Promise<Answer>;
  /** Runs kubectl; rejects with what it wrote to stderr when it fails. */
  kubectl(values: readonly string[], input?: string): Promise<string>;
}

/** 4 s, and 450 MB as long as it runs. The binaries must be there: `npm run cluster -- up` builds them. */
export async function startControlPlane(): Promise<TestControlPlane> {
  await takeInventory(new Date());
  const binaries = await findBinaries(binarySearch(process.env));
  if (binaries === undefined) {
    throw new Error(
      "There are no Kubernetes binaries: run npm run cluster -- up, which builds them (4 minutes, once)",
    );
  }
  return forTests(await start(binaries), binaries);
}

/** Adds what tests call. */
export function forTests(plane: ControlPlane, binaries: Binaries): TestControlPlane {
  const program = path.join(binaries.directory, "kubectl");
  return {
    ...plane,
    ask: async (at, options) => answer(await call(plane, at, options)),
    kubectl: (values, input = "") => kubectl(program, [`--kubeconfig=${plane.kubeconfig}`, ...values], input),
  };
}

const Status = z.looseObject({ kind: z.string().optional(), message: z.string().optional() });

function answer({ status, text: said }: { readonly status: number; readonly text: string }): Answer {
  const object = Status.parse(JSON.parse(said));
  return { status, object, message: object.kind === "Status" ? (object.message ?? "") : "" };
}

async function kubectl(program: string, values: readonly string[], input: string): Promise<string> {
  const child = spawn(program, values, { stdio: "pipe" });
  child.stdin.end(input);
  const [said, complaint] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  if (child.exitCode !== 0) throw new Error(complaint.trim());
  return said;
}

const Definition = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({
    group: z.string(),
    names: z.looseObject({ plural: z.string() }),
    versions: z.array(z.looseObject({ name: z.string() })).min(1),
  }),
});
const Established = z.looseObject({
  status: z.looseObject({ conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })) }),
});

/** Creates the CustomResourceDefinition of a file and waits until its objects are served and can be explained. */
export async function install(plane: TestControlPlane, file: string): Promise<void> {
  const definition = Definition.parse(parse(await readFile(file, "utf8")));
  const all = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  const created = await plane.ask(all, { method: "POST", body: definition });
  if (created.status !== 201) throw new Error(`The API server refuses ${file}: ${created.message}`);
  while (!isEstablished((await plane.ask(`${all}/${definition.metadata.name}`)).object)) await setTimeout(50);
  for (const { name } of definition.spec.versions) {
    const described = `/openapi/v3/apis/${definition.spec.group}/${name}`;
    while (!(await call(plane, described)).text.includes(`/${definition.spec.names.plural}`)) {
      await setTimeout(50);
    }
  }
}

function isEstablished(object: unknown): boolean {
  const { data } = Established.safeParse(object);
  return (
    data?.status.conditions.some(({ type, status }) => type === "Established" && status === "True") ?? false
  );
}
