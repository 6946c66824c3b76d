import { lstat, readFile, stat } from "node:fs/promises";
import path from "node:path";

import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";

import { TerminationMessage } from "../../contract/termination-message.ts";
import { fillDatabase } from "../../trainer/demo/fill.ts";
import { demoOptions } from "../../trainer/demo/options.ts";
import { localInput } from "../../trainer/run-file.ts";
import { startNode, type TestNode } from "../support/node.ts";
import { endOf, restrictedJob } from "./node-jobs.ts";

jest.setTimeout(180_000);
const namespace = "bikes";

let node: TestNode;
beforeAll(async () => {
  node = await startNode();
  await node.makeNamespace(namespace);
  await node.makeClaim(namespace, "retrain-models");
  await node.makeDatabaseSecret(namespace, "retrain-database");
});
afterAll(async () => {
  await node[Symbol.asyncDispose]();
});

test("the trainer's image publishes the demo's history, restricted and on a read-only root", async () => {
  const asOf = await fillDatabase(
    node.databaseUrl,
    demoOptions(["--stations=10", "--years=1"]),
    () => undefined,
  );
  const input = localInput({ source: { asOf } });
  const body = restrictedJob("train", trainer(JSON.stringify(input)), "retrain-models");
  const created = await node.ask(`/apis/batch/v1/namespaces/${namespace}/jobs`, { method: "POST", body });
  expect(created).toMatchObject({ status: 201 });

  const { pod, exitCode, message } = await endOf(node, namespace, "train");
  const log = await node.kubectl(["logs", `--namespace=${namespace}`, pod]);
  expect({ exitCode, log }).toEqual({ exitCode: 0, log: expect.stringContaining('"verdict":"Published"') });
  const report = TerminationMessage.parse(JSON.parse(message ?? ""));
  expect(report).toMatchObject({ verdict: "Published", runUid: input.runUid });

  const models = path.join(await node.pathOf(namespace, "retrain-models"), "bike-traffic");
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
      valueFrom: { secretKeyRef: { name: "retrain-database", key: "DATABASE_URL" } },
    },
  ],
});
