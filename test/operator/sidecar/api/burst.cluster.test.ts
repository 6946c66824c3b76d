import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";

import { nameIn, until, type Answer } from "./api-client.ts";
import { startApiScene, type ApiScene } from "./api-scene.ts";

let scene: ApiScene;
beforeAll(async () => {
  scene = await startApiScene();
}, 60_000);
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
});

const locationsOf = (answers: readonly Answer[]): string[] => [
  ...new Set(answers.map(({ location }) => location ?? "")),
];
const statusesOf = (answers: readonly Answer[]): number[] => answers.map(({ status }) => status).sort();
const hundred = [...Array(100).keys()];

describe("a hundred requests on two servers at once", () => {
  it("come to one run without a key: one is told of it, the others that it is active", async () => {
    const place = await scene.place("burst");
    await using one = await scene.sidecar("burst");
    await using other = await scene.sidecar("burst");
    const answers = await Promise.all(
      hundred.map((n) => (n % 2 === 0 ? one : other).post("/api/train", { user: `user-${String(n)}` })),
    );
    expect(statusesOf(answers)).toEqual([202, ...hundred.slice(1).map(() => 409)]);
    expect(locationsOf(answers)).toHaveLength(1);
    const [location = ""] = locationsOf(answers);
    await place.run(nameIn(location));
    await until(async () => runsOf(await one.get("/api/runs")).length > 0);
    expect(runsOf(await one.get("/api/runs"))).toHaveLength(1);
  }, 60_000);

  it("come to one run again when the one before has ended", async () => {
    const place = await scene.place("again");
    await using one = await scene.sidecar("again");
    await using other = await scene.sidecar("again");
    const first = await one.post("/api/train");
    const name = nameIn(first.location);
    await place.patchStatus(name, { verdict: "Skipped", reason: "NoNewData", message: "Nothing new" });
    const answers = await Promise.all(hundred.map((n) => (n % 2 === 0 ? one : other).post("/api/train")));
    expect(statusesOf(answers)).toEqual([202, ...hundred.slice(1).map(() => 409)]);
    expect(locationsOf(answers)).toHaveLength(1);
    expect(locationsOf(answers)).not.toEqual([first.location]);
  }, 60_000);

  it("all get the same run with one key", async () => {
    await scene.place("keyed");
    await using one = await scene.sidecar("keyed");
    await using other = await scene.sidecar("keyed");
    const answers = await Promise.all(
      hundred.map((n) => (n % 2 === 0 ? one : other).post("/api/train", { key: "k-1" })),
    );
    expect(statusesOf(answers)).toEqual(hundred.map(() => 202));
    expect(locationsOf(answers)).toHaveLength(1);
  }, 60_000);
});

const runsOf = ({ body }: Answer): readonly unknown[] => body["runs"] as readonly unknown[];

describe("an Idempotency-Key", () => {
  it("answers with its run after a restart and after the run's end, and with 422 for anything else", async () => {
    const place = await scene.place("keys");
    const body = { dryRun: true, reason: "look first" };
    const first = await (async () => {
      await using server = await scene.serve("keys");
      return await server.post("/api/train", { key: "k", body });
    })();
    expect(first).toMatchObject({ status: 202 });
    await using server = await scene.serve("keys");
    expect(await server.post("/api/train", { key: "k", body })).toMatchObject({ location: first.location });
    const changed = await server.post("/api/train", { key: "k", body: { ...body, dryRun: false } });
    expect(changed).toMatchObject({ status: 422, body: { type: "urn:retrain:idempotency-key-reused" } });
    const stranger = await server.post("/api/train", { key: "k", body, user: "bob" });
    expect(stranger).toMatchObject({ status: 409, location: first.location });
    const name = nameIn(first.location);
    await place.patchStatus(name, { verdict: "DryRun", reason: "DryRunRequested", message: "Would publish" });
    expect(await server.post("/api/train", { key: "k", body })).toMatchObject({
      status: 202,
      location: first.location,
      body: { run: { verdict: "DryRun" } },
    });
    expect(await server.post("/api/train", { key: "k", body, user: "bob" })).toMatchObject({ status: 202 });
  }, 60_000);
});
