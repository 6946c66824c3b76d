import { lstat, readFile, stat } from "node:fs/promises";
import path from "node:path";

import { beforeAll, expect, test } from "@jest/globals";

import { TerminationMessage } from "../../../contract/termination-message.ts";
import { localInput } from "../../../trainer/run-file.ts";
import { endOf, restrictedJob } from "../../hack/node-jobs.ts";
import { claim, secret } from "../node-scene.ts";
import { sharedScene } from "./shared-scene.ts";

const namespace = "image";
beforeAll(async () => {
  const { node } = sharedScene();
  await node.makeNamespace(namespace);
  await node.makeClaim(namespace, claim);
  await node.makeDatabaseSecret(namespace, secret);
});

test("the trainer's image publishes the demo's history, restricted and on a read-only root", async () => {
  const { node, asOf } = sharedScene();
  const input = localInput({ source: { asOf } });
  const body = restrictedJob("train", trainer(JSON.stringify(input)), claim);
  const created = await node.ask(`/apis/batch/v1/namespaces/${namespace}/jobs`, { method: "POST", body });
  expect(created).toMatchObject({ status: 201 });

  const { pod, exitCode, message } = await endOf(node, namespace, "train");
  const log = await node.kubectl(["logs", `--namespace=${namespace}`, pod]);
  expect({ exitCode, log }).toEqual({ exitCode: 0, log: expect.stringContaining('"verdict":"Published"') });
  const report = TerminationMessage.parse(JSON.parse(message ?? ""));
  expect(report).toMatchObject({ verdict: "Published", runUid: input.runUid });

  const models = path.join(await node.pathOf(namespace, claim), "bike-traffic");
  const current = path.join(models, "current");
  expect((await lstat(current)).isSymbolicLink()).toBe(true);
  expect(await stat(path.join(current, "report.html"))).toMatchObject({ uid: 65532 });
  expect(await readFile(path.join(models, "CURRENT.json"), "utf8")).toContain(report.version);
});

const trainer = (input: string) => ({
  resources: { requests: { cpu: "500m", memory: "1Gi" }, limits: { memory: "2Gi" } },
  env: [
    { name: "TRAINER_INPUT", value: input },
    { name: "MODELS_DIR", value: "/models" },
    {
      name: "DATABASE_URL",
      valueFrom: { secretKeyRef: { name: secret, key: "DATABASE_URL" } },
    },
  ],
});
