import { apiVersion, RetrainRunSpec } from "../../contract/retrain-run.ts";
import { RetrainRunStatus } from "../../contract/status.ts";
import { printerColumns } from "./columns.ts";
import { described } from "./descriptions.ts";
import { mapFields } from "./fields.ts";
import { jsonSchemaOf } from "./json-schema.ts";
import { refinements, rootRules } from "./rules.ts";
import { structural, type Structural } from "./structural.ts";

/** The CustomResourceDefinition of RetrainRun, as `crds/retrainrun.yaml` holds it. */
export function retrainRunDefinition() {
  const [group = "", version = ""] = apiVersion.split("/");
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `retrainruns.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: {
        kind: "RetrainRun",
        listKind: "RetrainRunList",
        plural: "retrainruns",
        singular: "retrainrun",
        shortNames: ["rr"],
        categories: ["all"],
      },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: printerColumns,
          schema: { openAPIV3Schema: retrainRunSchema() },
        },
      ],
    },
  };
}

/** No defaults but the empty spec: once the API server has written one, nobody can tell unset from chosen. */
function retrainRunSchema(): Structural {
  return {
    description:
      "One retraining of one model: the trainer reads the history, judges a candidate against the current version and publishes it if it is good enough.",
    type: "object",
    properties: {
      apiVersion: { type: "string" },
      kind: { type: "string" },
      metadata: { type: "object" },
      spec: { ...specSchema(), default: {} },
      status: statusSchema(),
    },
    "x-kubernetes-validations": rootRules,
  };
}

/** The spec: every field is optional, for configuration completes what is left out. */
export function specSchema(): Structural {
  return mapFields(structural(jsonSchemaOf(RetrainRunSpec), "spec"), (path, field) => {
    const rules = refinements[path];
    return described(path, rules === undefined ? field : { ...field, "x-kubernetes-validations": rules });
  });
}

/** Lists whose items have an identity, with the field that holds it: writers can then change one item. */
const listKeys: Readonly<Record<string, string>> = { conditions: "type", attempts: "job" };

export function statusSchema(): Structural {
  return mapFields(structural(jsonSchemaOf(RetrainRunStatus), "status"), (path, field) => {
    const key = listKeys[path];
    if (key === undefined) return field;
    return { ...field, "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": [key] };
  });
}
