import { World, type WorldParts } from "./world.ts";

/** The watched namespaces: a World for each of a list, or one for all of the cluster. */
export class Worlds {
  readonly #byNamespace: ReadonlyMap<string | undefined, World>;

  constructor(namespaces: readonly string[] | "all", parts: Omit<WorldParts, "namespace">) {
    const watched = namespaces === "all" ? [undefined] : namespaces;
    this.#byNamespace = new Map(watched.map((namespace) => [namespace, new World({ ...parts, namespace })]));
  }

  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([...this.#byNamespace.values()].map((world) => world.run(signal)));
  }

  of(namespace: string): World {
    const world = this.#byNamespace.get(namespace) ?? this.#byNamespace.get(undefined);
    if (world === undefined) throw new Error(`The namespace ${namespace} is not watched`);
    return world;
  }

  areSynced(): boolean {
    return [...this.#byNamespace.values()].every((world) => world.isSynced());
  }
}
