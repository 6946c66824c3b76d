import { expect, test } from "@jest/globals";

import { Configuration } from "../../../../contract/configuration.ts";
import { KubeError, type KubeObject } from "../../../../operator/kube/api.ts";
import { createRuns } from "../../../../operator/sidecar/runs/runs.ts";

const where = { namespace: "city", creationTimestamp: "2026-12-01T02:00:00Z" };
const object: KubeObject = {
  metadata: { name: "may", uid: "1", resourceVersion: "7", ...where },
  spec: { model: "bike-traffic" },
};

/** An API server whose watch tells nothing: a replica that is behind. */
function runsBehind(found: () => Promise<KubeObject>) {
  const no = (): never => {
    throw new Error("It is not asked");
  };
  const kube = { get: found, list: no, watch: no };
  const configuration = Configuration.parse({});
  return createRuns({ kube, namespace: "city", configuration, relistSeconds: 600, onNews: () => undefined });
}
const refusal = (status: number) => () =>
  Promise.reject(new KubeError("no", { status, reason: status === 404 ? "NotFound" : "Unreachable" }));

test("a run that the watch has not told of yet is found where it is", async () => {
  const runs = runsBehind(() => Promise.resolve(object));
  expect(runs.byName("may")).toBeUndefined();
  expect(await runs.find("may")).toMatchObject({ name: "may", uid: "1", resourceVersion: "7" });
});

test("a run that there is not is not found, and who cannot be asked has not said so", async () => {
  expect(await runsBehind(refusal(404)).find("may")).toBeUndefined();
  await expect(runsBehind(refusal(0)).find("may")).rejects.toMatchObject({ status: 0 });
});
