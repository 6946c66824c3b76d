import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

import { beforeAll, expect, test } from "@jest/globals";

import { quick, slow, type NodePlace } from "../node-scene.ts";
import { sharedScene } from "./shared-scene.ts";

let place: NodePlace;
beforeAll(async () => {
  place = await sharedScene().place("training");
});

const manifest = `
apiVersion: retrain.velo/v1alpha1
kind: RetrainRun
metadata:
  name: by-hand
  namespace: training
`;

test("a run that kubectl applies trains in a real Pod, shows its progress, and publishes on the volume", async () => {
  await sharedScene().node.kubectl(["apply", "-f", "-"], manifest);
  await place.whenProgressing("by-hand", "Pending");
  await place.whenProgressing("by-hand", "Running");
  const { progress } = (await place.when("by-hand", ({ status }) => status.progress !== undefined)).status;
  expect(progress).toMatchObject({ stage: expect.stringMatching(/^\w+$/u), percent: expect.any(Number) });
  await place.kubectl("wait", "rr/by-hand", "--for=condition=Finished", "--timeout=280s");

  const { status } = await place.run("by-hand");
  expect(status).toMatchObject({
    verdict: "Published",
    attempts: [{ exitCode: 0, reason: "NewVersion" }],
    data: { stations: 10, dataThrough: "2026-10-31" },
    metrics: { mae: expect.stringMatching(/^\d+\.\d+$/u) },
  });
  const models = path.join(await place.models(), "bike-traffic");
  const current = await readFile(path.join(models, "CURRENT.json"), "utf8");
  expect(JSON.parse(current)).toMatchObject({ version: status.version });
  expect(await readdir(path.join(models, "current/"))).toContain("report.html");
});

test("kubectl shows it in columns and tells its story in Events", async () => {
  const { status } = await place.run("by-hand");
  const [columns = "", row = ""] = (await place.kubectl("get", "rr")).split("\n");
  expect(columns).toMatch(/^NAME +MODEL +PERIOD +TRIGGER +VERDICT +ROWS +MAE +DELTA +VERSION +AGE/u);
  for (const shown of ["Published", String(status.data?.rows), status.metrics?.mae, status.version]) {
    expect(row).toContain(shown);
  }
  await place.untilTold("by-hand", "Published");
  expect(await place.kubectl("describe", "rr/by-hand")).toMatch(
    /Events:[^]+Accepted[^]+AttemptStarted[^]+Running[^]+Published/u,
  );
});

test("the same data again are skipped, and nothing is written on the volume", async () => {
  const versions = path.join(await place.models(), "bike-traffic", "versions");
  const before = await readdir(versions);
  await place.create("again");
  expect((await place.whenOver("again")).status).toMatchObject({ verdict: "Skipped", reason: "NoNewData" });
  expect(await readdir(versions)).toEqual(before);
});

test("a run that is cancelled while it trains stops its trainer, which cleans up after itself", async () => {
  const models = path.join(await place.models(), "bike-traffic");
  const before = await readdir(path.join(models, "versions"));
  const force = { reason: "to be cancelled" };
  await place.create("cancelled", { training: slow, force });
  await place.when("cancelled", ({ status }) => status.progress !== undefined);
  await place.kubectl("patch", "rr/cancelled", "--type=merge", '--patch={"spec":{"cancel":true}}');

  const { status } = await place.whenOver("cancelled");
  expect(status).toMatchObject({
    verdict: "Cancelled",
    reason: "CancelRequested",
    attempts: [{ exitCode: 143 }],
  });
  const job = status.attempts?.[0]?.job ?? "";
  await place.until(async () => (await place.jobs()).every(({ metadata }) => metadata.name !== job));
  await place.until(async () => (await place.kubelet.podsOf(job)).length === 0);
  expect(await readdir(path.join(models, "versions"))).toEqual(before);
  expect(await readdir(path.join(models, ".staging"))).toEqual([]);
});

test("the next run of the model finds no lock", async () => {
  await place.create("next", { training: quick, force: { reason: "again" } });
  expect((await place.whenOver("next")).status).toMatchObject({ verdict: "Published" });
});
