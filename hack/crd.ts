import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { stringify } from "yaml";

import { retrainRunDefinition } from "./crd/definition.ts";

/** crds/retrainrun.yaml: the API of the cluster, from the schemas that the code itself uses. */
export function crdText(): string {
  const document = stringify(retrainRunDefinition(), { lineWidth: 0, aliasDuplicateObjects: false });
  return `# Made by \`node hack/crd.ts\` from contract/; do not edit.\n${document}`;
}

const file = path.join(import.meta.dirname, "..", "crds", "retrainrun.yaml");
if (import.meta.main) {
  const text = crdText();
  if (!process.argv.includes("--check")) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  } else if (readFileSync(file, "utf8") !== text) {
    process.stderr.write("crds/retrainrun.yaml is stale: run node hack/crd.ts\n");
    process.exitCode = 1;
  }
}
