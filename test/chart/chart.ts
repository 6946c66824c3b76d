import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

import { parseAllDocuments } from "yaml";
import { z } from "zod";

import { ensureHelm } from "../../hack/helm.ts";

const Rendered = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    labels: z.record(z.string(), z.string()).prefault({}),
  }),
});
/** An object that the chart renders. */
export type Rendered = z.infer<typeof Rendered>;

export const chart = path.join(import.meta.dirname, "..", "..", "charts", "retrain-operator");
/** Names of the release in these tests. */
export const release = { name: "monthly", namespace: "bikes" };

/** Runs the real Helm; rejects with what it wrote to stderr when it fails. */
export async function helm(...values: readonly string[]): Promise<string> {
  const program = await ensureHelm((line) => void process.stderr.write(`${line}\n`));
  return (await promisify(execFile)(program, values)).stdout;
}

/** Options for values that are each written as for `--set-json`, with the one that is required. */
export const settings = (...values: readonly string[]): string[] =>
  ['database.secretName="bikes-database"', ...values].flatMap((value) => ["--set-json", value]);

/** What an installation with these values would create. */
export async function render(...values: readonly string[]): Promise<readonly Rendered[]> {
  const place = [release.name, chart, "--namespace", release.namespace];
  const text = await helm("template", ...place, ...settings(...values));
  return parseAllDocuments(text)
    .filter(({ contents }) => contents !== null)
    .map((document) => Rendered.parse(document.toJS()));
}

/** Each as its kind and name, in order. */
export const namesOf = (objects: readonly Rendered[]): string[] =>
  objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`).toSorted();

/** The only one of its kind with this end of its name. */
export function find(objects: readonly Rendered[], kind: string, end = ""): Rendered {
  const [found, ...others] = objects.filter((each) => each.kind === kind && each.metadata.name.endsWith(end));
  if (found === undefined || others.length > 0) throw new Error(`Not exactly one ${kind} …${end}`);
  return found;
}

const ConfigMap = z.looseObject({ data: z.object({ "configuration.yaml": z.string() }) });

/** The file that operator, sidecar and create-run read. */
export const configurationText = (objects: readonly Rendered[]): string =>
  ConfigMap.parse(find(objects, "ConfigMap", "-operator")).data["configuration.yaml"];
