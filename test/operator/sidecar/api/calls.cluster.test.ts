import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";

import { nameIn, until } from "./api-client.ts";
import { startApiScene, type ApiScene, type ApiServer } from "./api-scene.ts";

let scene: ApiScene;
beforeAll(async () => {
  scene = await startApiScene();
}, 60_000);
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
});

const models = { trams: {}, bikes: { schedule: "0 2 1 * *" } };
const configuration = { model: "bikes", models };

const open = (namespace: string): Promise<ApiServer> => scene.serve(namespace, { configuration });
const type = (word: string) => ({ type: `urn:retrain:${word}` });

describe("POST /api/train", () => {
  it("answers a client that sends nothing as the Python service does, with the run beside it", async () => {
    const place = await scene.place("legacy");
    await using server = await open("legacy");
    const { status, location, body } = await server.post("/api/train");
    expect(status).toBe(202);
    expect(Object.entries(body).slice(0, 2)).toEqual([
      ["status", "training_started"],
      ["message", "Model retraining started in background."],
    ]);
    const run = await place.run(nameIn(location));
    expect(run.metadata.name).toMatch(/^bikes-api-[0-9a-f]{10}$/u);
    expect(run.spec).toEqual({ model: "bikes", trigger: "Api", requestedBy: "anna" });
  });

  it("writes down who asked, why and what for", async () => {
    const place = await scene.place("asked");
    await using server = await open("asked");
    const body = { model: "trams", dryRun: true, reason: "new stations" };
    const { location, body: answer } = await server.post("/api/train", { user: "bob", body });
    const run = await place.run(nameIn(location));
    expect(run.spec).toEqual({ model: "trams", trigger: "Api", requestedBy: "bob", dryRun: true });
    expect(answer).toMatchObject({
      run: { requestReason: "new stations", dryRun: true, requestedBy: "bob" },
    });
  });

  it.each<[string, object]>([
    ["beside it", { force: true, reason: "checked by hand" }],
    ["in it", { force: { reason: "checked by hand" } }],
  ])("forces with the reason %s", async (where, body) => {
    const place = await scene.place(`force-${where.replace(" ", "-")}`);
    await using server = await open(`force-${where.replace(" ", "-")}`);
    const { location } = await server.post("/api/train", { body });
    expect((await place.run(nameIn(location))).spec).toMatchObject({ force: { reason: "checked by hand" } });
  });

  it("creates nothing by force for who may only create", async () => {
    await scene.place("no-force");
    const may = (right: object) => !("subresource" in right);
    await using server = await scene.serve("no-force", { may });
    const forced = await server.post("/api/train", { body: { force: { reason: "because" } } });
    expect(forced.status).toBe(403);
    expect((await server.post("/api/train")).status).toBe(202);
  });
});

describe("POST /api/train beside other runs", () => {
  it("lets a suspended run wait, and models not wait for each other", async () => {
    const place = await scene.place("beside");
    await using server = await open("beside");
    await place.create("held", { model: "bikes", suspend: true });
    expect((await server.post("/api/train")).status).toBe(202);
    expect((await server.post("/api/train", { body: { model: "trams" } })).status).toBe(202);
  });

  it("names the run of the schedule that is active", async () => {
    const place = await scene.place("scheduled");
    await using server = await open("scheduled");
    await place.create("bikes-2026-12", { model: "bikes", trigger: "Schedule" });
    expect(await server.post("/api/train")).toMatchObject({
      status: 409,
      location: "/api/runs/bikes-2026-12",
      body: { ...type("run-active"), run: "bikes-2026-12" },
    });
  });
});

describe("what POST /api/train refuses", () => {
  it.each<[string, unknown, number, string]>([
    ["a model that is none", { model: "boats" }, 422, "unknown-model"],
    ["a model whose name cannot be", { model: "Boats!" }, 400, "invalid-request"],
    ["a field that is none", { modle: "bikes" }, 400, "invalid-request"],
    ["force without a reason", { force: true }, 400, "invalid-request"],
    ["force in another form", { force: "yes" }, 400, "invalid-request"],
    ["an empty reason", { reason: "" }, 400, "invalid-request"],
    ["who asked", { requestedBy: "root" }, 400, "invalid-request"],
    ["a list", [], 400, "invalid-request"],
  ])("refuses %s", async (_, body, status, word) => {
    await scene.place("refused");
    await using server = await scene.serve("refused", { configuration });
    expect(await server.post("/api/train", { body })).toMatchObject({ status, body: type(word) });
    expect((await server.get("/api/runs")).body).toEqual({ runs: [] });
  });

  it("refuses a key that no header should have", async () => {
    await scene.place("refused");
    await using server = await scene.serve("refused");
    expect(await server.post("/api/train", { key: "k".repeat(256) })).toMatchObject({ status: 400 });
  });
});

describe("POST /api/models/:model/restore", () => {
  const path = "/api/models/bikes/restore";
  const body = { version: "20261101T020000Z-abc", reason: "the new one forgets Sundays" };

  it("creates a run although another one is active, and no second restore", async () => {
    const place = await scene.place("restore");
    await using server = await open("restore");
    expect((await server.post("/api/train")).status).toBe(202);
    const restoring = await server.post(path, { body });
    expect(restoring).toMatchObject({ status: 202, body: { status: "restore_started" } });
    const { spec } = await place.run(nameIn(restoring.location));
    expect(spec).toEqual({ model: "bikes", trigger: "Api", requestedBy: "anna", restore: body });
    expect(await server.post(path, { body })).toMatchObject({ status: 409, location: restoring.location });
  });

  it.each<[string, string, unknown, number]>([
    ["without a body", path, undefined, 400],
    ["without a reason", path, { version: "v1" }, 400],
    ["of a model that is none", "/api/models/boats/restore", body, 422],
    ["of a name that is no model's", "/api/models/Boats/restore", body, 400],
  ])("refuses one %s", async (_, at, asked, status) => {
    await scene.place("refused");
    await using server = await scene.serve("refused", { configuration });
    expect((await server.post(at, { body: asked })).status).toBe(status);
  });
});

describe("POST /api/runs/:name/cancel", () => {
  it("asks a run to stop, as often as wanted, until it has ended", async () => {
    const place = await scene.place("cancel");
    await using server = await open("cancel");
    await place.create("december", { model: "bikes" });
    const path = "/api/runs/december/cancel";
    expect(await server.post(path)).toMatchObject({ status: 202, body: { run: { cancelRequested: true } } });
    expect((await place.run("december")).spec.cancel).toBe(true);
    expect((await server.post(path)).status).toBe(202);
    await place.patchStatus("december", {
      verdict: "Cancelled",
      reason: "CancelRequested",
      message: "Stopped",
    });
    expect(await server.post(path)).toMatchObject({ status: 409, body: type("run-finished") });
    expect(await server.post("/api/runs/nobody/cancel")).toMatchObject({
      status: 404,
      body: type("no-such-run"),
    });
  });
});

describe("what is read", () => {
  it("shows runs newest first, of one model, as many as wanted", async () => {
    const place = await scene.place("read");
    await using server = await open("read");
    for (const [name, model] of [
      ["a", "bikes"],
      ["b", "trams"],
      ["c", "bikes"],
    ] as const) {
      await place.create(name, { model });
    }
    await until(async () => namesOf(await server.get("/api/runs")).length === 3);
    expect(namesOf(await server.get("/api/runs")).toSorted()).toEqual(["a", "b", "c"]);
    expect(namesOf(await server.get("/api/runs?model=bikes")).toSorted()).toEqual(["a", "c"]);
    expect(namesOf(await server.get("/api/runs?limit=1"))).toHaveLength(1);
    expect(await server.get("/api/runs/b")).toMatchObject({
      status: 200,
      body: { name: "b", model: "trams" },
    });
    expect((await server.get("/api/models")).body).toMatchObject({
      models: [
        { model: "bikes", queued: 1 },
        { model: "trams", active: { name: "b" } },
      ],
    });
  });

  it.each([
    ["/api/runs/nobody", 404],
    ["/api/runs/..%2f..%2fpods", 400],
    ["/api/runs?limit=0", 400],
    ["/api/runs?limit=201", 400],
    ["/api/runs?limit=many", 400],
    ["/api/runs?model=Boats", 400],
    ["/api/runs?color=red", 400],
    ["/api/models?x=1", 400],
  ])("refuses GET %s", async (path, status) => {
    await scene.place("refused");
    await using server = await scene.serve("refused");
    expect((await server.get(path)).status).toBe(status);
  });
});

const namesOf = ({ body }: { readonly body: Readonly<Record<string, unknown>> }): readonly string[] =>
  (body["runs"] as readonly { readonly name: string }[]).map(({ name }) => name);

describe("what the cluster refuses", () => {
  it("is told as the quota's refusal, and not as a fault of the server", async () => {
    await scene.place("full");
    await using server = await open("full");
    const quota = { spec: { hard: { "count/retrainruns.retrain.velo": "0" } } };
    const path = "/api/v1/namespaces/full/resourcequotas";
    const body = { apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "none" }, ...quota };
    await scene.plane.ask(path, { method: "POST", body });
    await until(async () => (await server.post("/api/train", { body: { dryRun: true } })).status === 403);
    expect(await server.post("/api/train")).toMatchObject({ status: 403, body: type("refused-by-cluster") });
  });
});
