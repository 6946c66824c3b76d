import type { Access } from "../../hack/cluster/api.ts";
import type { Answer, TestControlPlane } from "./control-plane.ts";

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const retrain = ["retrain.velo"];
/** Everything that the sidecar may do in its namespace, and nothing else. */
const sidecarRules: readonly Rule[] = [
  { apiGroups: retrain, resources: ["retrainruns"], verbs: ["get", "list", "watch", "create", "patch"] },
  { apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] },
  { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
];
/** And in the whole cluster. */
const reviewRules: readonly Rule[] = [
  { apiGroups: ["authentication.k8s.io"], resources: ["tokenreviews"], verbs: ["create"] },
  { apiGroups: ["authorization.k8s.io"], resources: ["subjectaccessreviews"], verbs: ["create"] },
];

const viewRules: readonly Rule[] = [
  { apiGroups: retrain, resources: ["retrainruns"], verbs: ["get", "list", "watch"] },
  { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
];
/** What users may be allowed in a namespace. */
export const userRules = {
  none: [],
  view: viewRules,
  edit: [
    ...viewRules,
    { apiGroups: retrain, resources: ["retrainruns"], verbs: ["create", "patch"] },
    { apiGroups: retrain, resources: ["retrainruns/force", "retrainruns/restore"], verbs: ["create"] },
  ],
} satisfies Readonly<Record<string, readonly Rule[]>>;
export type UserRights = keyof typeof userRules;

export interface AccountAt {
  readonly namespace: string;
  readonly name: string;
}

/** The audience that the sidecar's API has unless it is told otherwise. */
export const audience = "retrain-operator";

/** Makes the ServiceAccount with exactly the sidecar's rights. */
export async function grantSidecar(plane: TestControlPlane, account: AccountAt): Promise<Access> {
  await createAccount(plane, account);
  await grantRole(plane, account, sidecarRules);
  await grant(plane, { account, rules: reviewRules, kind: "ClusterRole", base: rbac });
  return { url: plane.url, ca: plane.ca, token: await tokenOf(plane, account, {}) };
}

/** Makes a ServiceAccount with a user's rights in its namespace; a token of it for the sidecar's API. */
export async function grantUser(
  plane: TestControlPlane,
  account: AccountAt,
  rights: UserRights,
): Promise<string> {
  await createAccount(plane, account);
  await grantRole(plane, account, userRules[rights]);
  return tokenOf(plane, account);
}

/** Makes the ServiceAccount, which may do nothing. */
export const createAccount = (plane: TestControlPlane, { namespace, name }: AccountAt): Promise<Answer> =>
  create(plane, `/api/v1/namespaces/${namespace}/serviceaccounts`, {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name },
  });

/** Makes a Role of the account's name and binds it, in the account's namespace. */
export const grantRole = (
  plane: TestControlPlane,
  account: AccountAt,
  rules: readonly Rule[],
): Promise<void> =>
  grant(plane, { account, rules, kind: "Role", base: `${rbac}/namespaces/${account.namespace}` });

export interface TokenWishes {
  /** The API server's own when there is none. */
  readonly audience?: string;
  /** The object whose end ends the token. */
  readonly boundTo?: { readonly kind: "Pod" | "Secret"; readonly name: string; readonly uid: string };
}

/** A token as `kubectl create token` makes it; for the sidecar's API unless told otherwise. */
export async function tokenOf(
  plane: TestControlPlane,
  { namespace, name }: AccountAt,
  wishes: TokenWishes = { audience },
): Promise<string> {
  const { audience: wished, boundTo } = wishes;
  const spec = {
    ...(wished === undefined ? {} : { audiences: [wished] }),
    ...(boundTo === undefined ? {} : { boundObjectRef: { apiVersion: "v1", ...boundTo } }),
  };
  const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec };
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
  const { object } = await create(plane, path, request);
  const { token } = object["status"] as { token: string };
  return token;
}

const rbacGroup = "rbac.authorization.k8s.io";
const rbac = `/apis/${rbacGroup}/v1`;

interface Grant {
  readonly account: AccountAt;
  readonly rules: readonly Rule[];
  readonly kind: "Role" | "ClusterRole";
  readonly base: string;
}

async function grant(plane: TestControlPlane, { account, rules, kind, base }: Grant): Promise<void> {
  const apiVersion = `${rbacGroup}/v1`;
  const metadata = { name: `${account.namespace}-${account.name}` };
  const subjects = [{ kind: "ServiceAccount", ...account }];
  const roleRef = { apiGroup: rbacGroup, kind, name: metadata.name };
  const all = `${base}/${kind.toLowerCase()}`;
  await create(plane, `${all}s`, { apiVersion, kind, metadata, rules });
  await create(plane, `${all}bindings`, { apiVersion, kind: `${kind}Binding`, metadata, roleRef, subjects });
}

async function create(plane: TestControlPlane, path: string, body: object): Promise<Answer> {
  const answer = await plane.ask(path, { method: "POST", body });
  if (answer.status !== 201) throw new Error(`The API server refuses ${path}: ${answer.message}`);
  return answer;
}
