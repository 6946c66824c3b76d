import { setTimeout } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { startControlPlane, type TestControlPlane } from "../support/control-plane.ts";
import { chart, helm, release, settings } from "./chart.ts";

const { namespace } = release;
const elsewhere = "trams";
const stack = new AsyncDisposableStack();
let plane: TestControlPlane;

beforeAll(async () => {
  plane = stack.use(await startControlPlane());
  await plane.kubectl(["create", "namespace", elsewhere]);
  const place = ["--create-namespace", "--namespace", namespace, "--kubeconfig", plane.kubeconfig];
  await helm("install", release.name, chart, ...place, ...settings());
  for (const role of ["view", "edit", "retrainrun-viewer"]) {
    const binding = ["rolebinding", role, `--clusterrole=${role}`, `--user=${role}`];
    await plane.kubectl(["create", ...binding, `--namespace=${namespace}`]);
  }
}, 120_000);
afterAll(() => stack.disposeAsync());

/** What `kubectl auth can-i --list` says, a resource or a path a line with its verbs in order. */
async function rightsOf(user: string, where = namespace): Promise<readonly string[]> {
  const list = ["auth", "can-i", "--list", "--no-headers", `--as=${user}`, `--namespace=${where}`];
  const lines = (await plane.kubectl(list)).trim().split("\n");
  return lines
    .map((line) => {
      const [, resource = "", url = "", names = "", verbs = ""] =
        /^(\S*)\s+\[(.*)\]\s+\[(.*)\]\s+\[(.*)\]$/u.exec(line) ?? [];
      return `${resource}${url}${names}: ${sorted(verbs)}`;
    })
    .toSorted();
}

const sorted = (verbs: string): string => verbs.split(" ").toSorted().join(" ");
const account = (name: string, where = namespace): string => `system:serviceaccount:${where}:${name}`;
/** What everybody may whom the API server knows. */
const everybody = (): Promise<readonly string[]> => rightsOf(account("nobody", "nowhere"), "nowhere");

type Rights = Readonly<Record<string, string>>;

/** All that each may beyond what everybody may; the reviews are the cluster's, all else the namespace's. */
const reviews: Rights = {
  "tokenreviews.authentication.k8s.io": "create",
  "subjectaccessreviews.authorization.k8s.io": "create",
};
const accounts: readonly (readonly [who: string, name: string, there: Rights, elsewhere: Rights])[] = [
  [
    "the operator",
    "monthly-retrain-operator",
    {
      "retrainruns.retrain.velo": "get list watch patch delete",
      "retrainruns.retrain.velo/status": "patch update",
      "retrainruns.retrain.velo/finalizers": "update",
      "jobs.batch": "get list watch create patch delete",
      pods: "get list watch",
      "pods/log": "get",
      events: "list watch",
      "events.events.k8s.io": "create patch",
      "leases.coordination.k8s.io": "get create update",
    },
    {},
  ],
  [
    "the sidecar",
    "monthly-retrain-operator-sidecar",
    {
      "retrainruns.retrain.velo": "get list watch create patch",
      pods: "get list",
      "pods/log": "get",
      ...reviews,
    },
    reviews,
  ],
  [
    "create-run",
    "monthly-retrain-operator-create-run",
    { "retrainruns.retrain.velo": "get list create", "jobs.batch": "get" },
    {},
  ],
  ["a trainer", "default", {}, {}],
];

const lines = (rights: Rights): string[] =>
  Object.entries(rights).map(([resource, verbs]) => `${resource}: ${sorted(verbs)}`);

test.each(accounts)("%s may do this and nothing else", async (_who, name, there, inOthers) => {
  const common = await everybody();
  expect(await rightsOf(account(name))).toEqual([...common, ...lines(there)].toSorted());
  expect(await rightsOf(account(name), elsewhere)).toEqual([...common, ...lines(inOthers)].toSorted());
});

test("what everybody may is to ask what they may, and what the server is", async () => {
  const common = await everybody();
  expect(common).toContain("selfsubjectaccessreviews.authorization.k8s.io: create");
  expect(common.filter((line) => !/^(selfsubject\w+\.|\/)/u.test(line))).toEqual([]);
});

describe("a user gets with the role", () => {
  const watched = "retrainruns.retrain.velo: get list watch";
  const logs = "pods/log: get list watch";
  const changed = "create delete deletecollection get list patch update watch";

  test.each<[string, readonly string[]]>([
    ["view", [watched, logs]],
    [
      "edit",
      [
        `retrainruns.retrain.velo: ${changed}`,
        "retrainruns.retrain.velo/force: create",
        "retrainruns.retrain.velo/restore: create",
        logs,
      ],
    ],
    ["retrainrun-viewer", [watched]],
  ])("%s", async (role, expected) => {
    const wanted = (line: string): boolean => /^(retrainruns|pods\/log)/u.test(line);
    const found = async (): Promise<readonly string[]> => (await rightsOf(role)).filter(wanted);
    // The controller that adds up roles takes a moment.
    while ((await found()).length < expected.length) await setTimeout(200);
    expect(await found()).toEqual([...expected].toSorted());
    expect((await rightsOf(role, elsewhere)).filter(wanted)).toEqual([]);
  });
});
