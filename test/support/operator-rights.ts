import type { TestControlPlane } from "./control-plane.ts";

/** Everything that the operator may do in a namespace that it watches, and nothing else. */
const rules = [
  {
    apiGroups: ["retrain.velo"],
    resources: ["retrainruns"],
    verbs: ["get", "list", "watch", "patch", "delete"],
  },
  { apiGroups: ["retrain.velo"], resources: ["retrainruns/status"], verbs: ["patch", "update"] },
  { apiGroups: ["retrain.velo"], resources: ["retrainruns/finalizers"], verbs: ["update"] },
  {
    apiGroups: ["batch"],
    resources: ["jobs"],
    verbs: ["get", "list", "watch", "create", "patch", "delete"],
  },
  { apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch"] },
  { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
  { apiGroups: [""], resources: ["events"], verbs: ["list", "watch"] },
  { apiGroups: ["events.k8s.io"], resources: ["events"], verbs: ["create", "patch"] },
  { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["get", "create", "update"] },
];
const rbac = "rbac.authorization.k8s.io";

/** Who an operator is: its own namespace and ServiceAccount, and where it may work. */
export interface Account {
  readonly namespace: string;
  readonly name: string;
  /** Namespaces, each with a Role of its own, or all with a ClusterRole. */
  readonly watched: readonly string[] | "all";
}

/** Makes the ServiceAccount with exactly the operator's rights; its token. */
export async function grantOperator(plane: TestControlPlane, account: Account): Promise<string> {
  const { namespace, name } = account;
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  await create(plane, accounts, { apiVersion: "v1", kind: "ServiceAccount", metadata: { name } });
  for (const [path, object] of bindings(account)) await create(plane, path, object);
  const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} };
  const { object } = await create(plane, `${accounts}/${name}/token`, request);
  const { token } = object["status"] as { token: string };
  return token;
}

function bindings({ namespace, name, watched }: Account): [string, object][] {
  const subjects = [{ kind: "ServiceAccount", name, namespace }];
  const apiVersion = `${rbac}/v1`;
  const grant = (kind: "Role" | "ClusterRole", base: string): [string, object][] => {
    const metadata = { name: `${namespace}-${name}` };
    const roleRef = { apiGroup: rbac, kind, name: metadata.name };
    return [
      [`${base}/${kind.toLowerCase()}s`, { apiVersion, kind, metadata, rules }],
      [
        `${base}/${kind.toLowerCase()}bindings`,
        { apiVersion, kind: `${kind}Binding`, metadata, roleRef, subjects },
      ],
    ];
  };
  const base = `/apis/${apiVersion}`;
  return watched === "all"
    ? grant("ClusterRole", base)
    : watched.flatMap((one) => grant("Role", `${base}/namespaces/${one}`));
}

async function create(plane: TestControlPlane, path: string, body: object) {
  const answer = await plane.ask(path, { method: "POST", body });
  if (answer.status !== 201) throw new Error(`The API server refuses ${path}: ${answer.message}`);
  return answer;
}
