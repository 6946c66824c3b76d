import { z } from "zod";

import { namespace, type Plane } from "../cluster/plane.ts";

/** As the sidecar expects it unless it is told otherwise. */
const audience = "retrain-operator";
const rbac = "rbac.authorization.k8s.io";
const TokenRequest = z.object({ status: z.object({ token: z.string() }) });

/** A token of a ServiceAccount that may list runs and nothing else, as `kubectl create token` makes it. */
export async function callersToken({ ask }: Pick<Plane, "ask">): Promise<string> {
  const name = "caller";
  const create = (at: string, body: object): Promise<unknown> => ask(at, { method: "POST", body });
  const roles = `/apis/${rbac}/v1/namespaces/${namespace}`;
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  await create(accounts, { metadata: { name } });
  await create(`${roles}/roles`, {
    metadata: { name },
    rules: [{ apiGroups: ["retrain.velo"], resources: ["retrainruns"], verbs: ["get", "list", "watch"] }],
  });
  await create(`${roles}/rolebindings`, {
    metadata: { name },
    roleRef: { apiGroup: rbac, kind: "Role", name },
    subjects: [{ kind: "ServiceAccount", name, namespace }],
  });
  const spec = { audiences: [audience] };
  const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec };
  return TokenRequest.parse(await create(`${accounts}/${name}/token`, request)).status.token;
}
