import { setTimeout } from "node:timers/promises";

import { z } from "zod";

import type { KubeObject, Resource } from "../../../operator/kube/api.ts";
import { ListWatch, type ListWatchNews, type ListWatchOptions } from "../../../operator/kube/list-watch.ts";
import { pathOf } from "../../../operator/kube/path.ts";
import type { TestControlPlane } from "../../support/control-plane.ts";
import { configMaps, type KubeScene } from "./kube-scene.ts";
import { changeText, itemOf, newsText, type Item } from "./list-watch-scene.ts";

export type Options = Partial<ListWatchOptions<Item>> & { readonly resource?: Resource };

const Objects = z.object({
  items: z.array(z.object({ metadata: z.object({ uid: z.string(), resourceVersion: z.string() }) })),
});

let followings = 0;

/** Objects of one test in a real cluster, and a list-watch that follows them through the fault proxy. */
export class Following implements AsyncDisposable {
  readonly list: ListWatch<Item>;
  readonly news: string[] = [];
  readonly failures: Extract<ListWatchNews, { kind: "failed" }>[] = [];
  /** With names for uids. */
  readonly changes: string[] = [];
  readonly #plane: TestControlPlane;
  readonly #resource: Resource;
  readonly #label = `test-${String(followings++)}`;
  readonly #names = new Map<string, string>();
  /** What a listener makes of the changes: version by uid. */
  readonly #mirror = new Map<string, string>();
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;

  /** Its waits are the shortest ones that chance can make. */
  constructor(
    { plane, kube }: Pick<KubeScene, "plane" | "kube">,
    { resource = configMaps, ...options }: Options = {},
  ) {
    this.#plane = plane;
    this.#resource = resource;
    this.list = new ListWatch<Item>({
      kube,
      random: () => 0,
      place: { resource, namespace: "default" },
      selection: { labelSelector: `test=${this.#label}` },
      parse: (object) => this.#parse(object),
      onChange: (before, after) => {
        this.#change(before, after);
      },
      onNews: (news) => {
        this.news.push(newsText(news));
        if (news.kind === "failed") this.failures.push(news);
      },
      ...options,
    });
    this.#running = this.list.run(this.#stopping.signal);
  }

  /** Past the proxy, as all three. */
  async create(name: string): Promise<void> {
    const { group, version, kind } = this.#resource;
    const apiVersion = group === "" ? version : `${group}/${version}`;
    const metadata = { name: this.#nameOf(name), labels: { test: this.#label } };
    await this.#ask("POST", this.#path(), { apiVersion, kind, metadata });
  }

  async update(name: string): Promise<void> {
    const annotations = { changed: new Date().toISOString() };
    await this.#ask("PATCH", this.#path(name), { metadata: { annotations } });
  }

  async remove(name: string): Promise<void> {
    await this.#ask("DELETE", this.#path(name));
  }

  /** Waits until what is followed is what a fresh list past the proxy gives, and so is what the changes came to. */
  async agrees(): Promise<void> {
    let state = "";
    for (let polls = 0; polls < 200; polls++) {
      state = text(await this.#state());
      if (state === this.#followed() && state === text(this.#mirror)) return;
      await setTimeout(20);
    }
    throw new Error(
      `There is ${state}, but ${this.#followed()} is followed and ${text(this.#mirror)} was told`,
    );
  }

  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await setTimeout(10);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #parse(object: KubeObject): Item | undefined {
    const { uid, name } = object.metadata;
    this.#names.set(uid, name.slice(this.#nameOf("").length));
    return itemOf(object);
  }

  #change(before: Item | undefined, after: Item | undefined): void {
    const { uid = "" } = after ?? before ?? {};
    this.changes.push(changeText(before, after).replace(uid, this.#names.get(uid) ?? ""));
    if (after === undefined) this.#mirror.delete(uid);
    else this.#mirror.set(uid, after.version);
  }

  #followed(): string {
    return text(new Map([...this.list.values()].map(({ uid, version }) => [uid, version])));
  }

  async #state(): Promise<Map<string, string>> {
    const { object } = await this.#plane.ask(`${this.#path()}?labelSelector=test%3D${this.#label}`);
    const { items } = Objects.parse(object);
    return new Map(items.map(({ metadata }) => [metadata.uid, metadata.resourceVersion]));
  }

  #nameOf(name: string): string {
    return `${this.#label}-${name}`;
  }

  #path(name?: string): string {
    const all = pathOf({ resource: this.#resource, namespace: "default" });
    return name === undefined ? all : `${all}/${this.#nameOf(name)}`;
  }

  async #ask(method: "POST" | "PATCH" | "DELETE", path: string, body?: object): Promise<void> {
    const type = method === "PATCH" ? { type: "application/merge-patch+json" } : {};
    const { status, message } = await this.#plane.ask(path, { method, ...type, ...(body && { body }) });
    if (status >= 300) throw new Error(`Cannot ${method} ${path}: ${message}`);
  }
}

const text = (versions: ReadonlyMap<string, string>): string =>
  [...versions]
    .map(([uid, version]) => `${uid}@${version}`)
    .toSorted()
    .join(" ");

/** A Following that has listed. */
export async function follow(
  scene: Pick<KubeScene, "plane" | "kube">,
  options?: Options,
): Promise<Following> {
  const following = new Following(scene, options);
  await following.list.synced;
  return following;
}
