import { readFile } from "node:fs/promises";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { setTimeout } from "node:timers/promises";

import { startWithRetrainRuns } from "../crds/retrain-runs.ts";
import type { TestControlPlane } from "../support/control-plane.ts";
import { chart, helm, release, render } from "./chart.ts";

const { namespace } = release;
const account = (name: string): string => `system:serviceaccount:${namespace}:${name}`;
const sidecar = account("monthly-retrain-operator-sidecar");
const createRun = account("monthly-retrain-operator-create-run");
const person = "ana";

const stack = new AsyncDisposableStack();
let plane: TestControlPlane;

/** What the API server says to a run as this user; the run is not stored. */
async function tryRun(user: string, spec: object, where = namespace): Promise<string> {
  return await as(user, ["create", "--dry-run=server"], manifest("tried", spec, where));
}

const manifest = (name: string, spec: object, where: string): string =>
  JSON.stringify({
    apiVersion: "retrain.velo/v1alpha1",
    kind: "RetrainRun",
    metadata: { name, namespace: where },
    spec,
  });

const as = (user: string, values: readonly string[], input: string): Promise<string> =>
  plane
    .kubectl([...values, "--filename=-", `--as=${user}`, "--as-group=system:masters", "--output=name"], input)
    .then(
      () => "allowed",
      (error: unknown) => String(error),
    );

beforeAll(async () => {
  ({ plane } = stack.use(await startWithRetrainRuns()));
  for (const name of [namespace, "elsewhere"]) await plane.kubectl(["create", "namespace", name]);
  const objects = (await render()).filter(({ kind }) => kind.startsWith("Validating"));
  await plane.kubectl(
    ["apply", "--filename=-"],
    JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }),
  );
  // A new policy is in force after a moment.
  while ((await tryRun(person, { trigger: "Api" })) === "allowed") await setTimeout(200);
}, 120_000);
afterAll(() => stack.disposeAsync());

describe("a new run", () => {
  test.each<[string, string, object, RegExp]>([
    ["a person says nothing of where it comes from", person, {}, /^allowed$/u],
    ["a person tells the truth", person, { requestedBy: person, trigger: "Manual" }, /^allowed$/u],
    ["a person names somebody else", person, { requestedBy: "eva" }, /requestedBy is eva; expected ana/u],
    ["a person names the schedule", person, { trigger: "Schedule" }, /trigger is Schedule; expected Manual/u],
    ["a person names the API", person, { trigger: "Api" }, /trigger is Api/u],
    ["another account lies", account("default"), { requestedBy: "eva" }, /requestedBy is eva/u],
    [
      "one of the same name elsewhere lies",
      sidecar.replace(namespace, "elsewhere"),
      { trigger: "Api" },
      /trigger/u,
    ],
    ["the operator lies", account("monthly-retrain-operator"), { trigger: "Schedule" }, /trigger/u],
    ["the sidecar tells who asked", sidecar, { requestedBy: "eva", trigger: "Api" }, /^allowed$/u],
    ["create-run tells that the schedule did", createRun, { trigger: "Schedule" }, /^allowed$/u],
  ])("%s", async (_who, user, spec, answer) => {
    expect(await tryRun(user, spec)).toMatch(answer);
  });

  test("a person applies the example of the docs", async () => {
    const example = await readFile(
      path.join(chart, "..", "..", "docs", "examples", "retrainrun.yaml"),
      "utf8",
    );
    expect(await as(person, ["create", "--dry-run=server", `--namespace=${namespace}`], example)).toBe(
      "allowed",
    );
    const claimed = `${example}\n  requestedBy: eva\n`;
    expect(await as(person, ["create", "--dry-run=server", `--namespace=${namespace}`], claimed)).toMatch(
      /requestedBy is eva/u,
    );
  });

  test("where the release does not work, it does not rule", async () => {
    expect(await tryRun(person, { requestedBy: "eva" }, "elsewhere")).toBe("allowed");
  });
});

describe("a run that is there", () => {
  const first = { requestedBy: "eva", trigger: "Api", dryRun: true };

  test.each<[string, string, object, RegExp]>([
    ["its other fields may be changed", person, { ...first, dryRun: false }, /^allowed$/u],
    ["nobody may claim it", person, { ...first, requestedBy: person }, /cannot be changed/u],
    ["nobody may take the name away", person, { ...first, requestedBy: undefined }, /cannot be changed/u],
    [
      "nobody may say that a schedule made it",
      person,
      { ...first, trigger: "Schedule" },
      /cannot be changed/u,
    ],
    [
      "nobody may say that it was made by hand",
      person,
      { ...first, trigger: undefined },
      /cannot be changed/u,
    ],
  ])("%s", async (_what, user, spec, answer) => {
    expect(await as(sidecar, ["apply"], manifest("there", first, namespace))).toBe("allowed");
    const said = await as(user, ["replace", "--dry-run=server"], manifest("there", spec, namespace));
    expect(said).toMatch(answer);
  });
});

test("the expressions of the policy have the types that the API server expects", async () => {
  const policy = "validatingadmissionpolicies/bikes.monthly-retrain-operator-attribution";
  const status = (): Promise<string> => plane.kubectl(["get", policy, "--output=jsonpath={.status}"]);
  while (!(await status()).includes("typeChecking")) await setTimeout(200);
  expect(await status()).not.toContain("expressionWarnings");
}, 30_000);

test("Helm finds nothing to complain of", async () => {
  expect(await helm("lint", "--strict", chart)).toContain("0 chart(s) failed");
});
