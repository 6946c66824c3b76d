import { expect, it } from "@jest/globals";

import { Configuration } from "../../../../contract/configuration.ts";
import { KubeError, type KubeObject } from "../../../../operator/kube/api.ts";
import { createRunCreator } from "../../../../operator/sidecar/api/create-run.ts";
import { manifestOf, type Order } from "../../../../operator/sidecar/api/order.ts";
import { nameAfter, nameByKey } from "../../../../operator/sidecar/api/run-names.ts";
import { readWatchedRun, type WatchedRun } from "../../../../operator/sidecar/runs/runs.ts";

const configuration = Configuration.parse({});
const order: Order = { spec: { model: "bike-traffic", requestedBy: "anna" }, reason: undefined };

const objectOf = (name: string, uid: string, status: object = {}): KubeObject => {
  const metadata = {
    name,
    uid,
    namespace: "velo",
    resourceVersion: "1",
    creationTimestamp: "2026-12-01T02:00:00Z",
  };
  const { metadata: given, ...rest } = manifestOf(order, name) as { metadata: object };
  return { ...rest, metadata: { ...given, ...metadata }, status };
};
const read = (object: KubeObject): WatchedRun[] =>
  [readWatchedRun(object, configuration)].filter((run) => run !== undefined);

/** A fake API server, whose objects come into being between two calls: `hidden` is not there when it is first looked for. */
function creator(objects: readonly KubeObject[], live: readonly WatchedRun[], hidden?: string) {
  let looks = 0;
  const find = (name: string) => objects.find(({ metadata }) => metadata.name === name);
  const get = ({ name }: { readonly name: string }): Promise<KubeObject> => {
    const found = name === hidden && looks++ === 0 ? undefined : find(name);
    return found
      ? Promise.resolve(found)
      : Promise.reject(new KubeError("gone", { status: 404, reason: "NotFound" }));
  };
  const create = (_: unknown, object: object): Promise<KubeObject> => {
    const { name } = (object as KubeObject).metadata;
    if (find(name) === undefined) return Promise.resolve(objectOf(name, "new"));
    return Promise.reject(new KubeError("exists", { status: 409, reason: "AlreadyExists" }));
  };
  const no = (): never => {
    throw new Error("It is not asked");
  };
  const kube = { get, create, list: no, patch: no };
  const runs = {
    synced: Promise.resolve(true),
    isSynced: true,
    all: no,
    ofModel: no,
    byName: no,
    find: no,
    subscribe: no,
    run: no,
  };
  const context = { runs, kube, namespace: "velo", configuration, now: () => new Date(0) };
  return createRunCreator(context, () => Promise.resolve(live));
}

it("answers with the key's run although that run became active while it was looked for", async () => {
  const name = nameByKey("anna", "bike-traffic", "k");
  const object = objectOf(name, "1");
  const create = creator([object], read(object), name);
  expect(await create({ order, key: "k", isBlockedBy: () => true })).toMatchObject({ name, uid: "1" });
});

it("makes the follower of a follower that has ended, since runs of one second have no order", async () => {
  const newest = objectOf("newest", "1", { verdict: "Skipped" });
  const follower = objectOf(nameAfter("bike-traffic", "1", "train"), "2", { verdict: "Skipped" });
  const create = creator([newest, follower], read(newest));
  const made = await create({ order, key: undefined, isBlockedBy: () => true });
  expect(made).toMatchObject({ name: nameAfter("bike-traffic", "2", "train"), uid: "new" });
});
