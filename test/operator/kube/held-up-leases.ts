import { KubeError, type KubeObject } from "../../../operator/kube/api.ts";
import type { LeaseKube } from "../../../operator/kube/lease-calls.ts";
import { recordOf } from "../../../operator/kube/lease-record.ts";

/** A fake API server with one Lease, which answers as late as a test wants. */
export class HeldUpLeases implements LeaseKube {
  /** As they followed each other, renewals left out. */
  readonly holders: string[] = [];
  #lease: KubeObject | undefined;
  #version = 0;
  #isHeldUp = false;
  readonly #heldUp: { readonly call: string; readonly goOn: () => void }[] = [];

  get holder(): string | undefined {
    return this.holders.at(-1);
  }

  /** Calls that were held up. */
  get waiting(): readonly string[] {
    return this.#heldUp.map(({ call }) => call);
  }

  /** From now on calls wait before they do anything. */
  holdUp(): void {
    this.#isHeldUp = true;
  }

  /** New calls no longer wait. */
  letPass(): void {
    this.#isHeldUp = false;
  }

  /** Nor do those that were held up. */
  goOn(): void {
    this.letPass();
    for (const { goOn } of this.#heldUp.splice(0)) goOn();
  }

  async get(): Promise<KubeObject> {
    await this.#arrived("get");
    if (this.#lease === undefined) throw new KubeError("no Lease", { status: 404, reason: "NotFound" });
    return this.#lease;
  }

  async create(_at: object, object: object): Promise<KubeObject> {
    await this.#arrived("create");
    if (this.#lease !== undefined) throw new KubeError("taken", { status: 409, reason: "AlreadyExists" });
    return this.#write(object);
  }

  async replace(_at: object, object: KubeObject): Promise<KubeObject> {
    await this.#arrived("replace");
    if (object.metadata.resourceVersion !== String(this.#version)) {
      throw new KubeError("changed", { status: 409, reason: "Conflict" });
    }
    return this.#write(object);
  }

  #write(object: object): KubeObject {
    const metadata = { name: "operator", uid: "u", resourceVersion: String(++this.#version) };
    this.#lease = { ...object, metadata };
    const { holderIdentity = "" } = recordOf(this.#lease);
    if (holderIdentity !== this.holder) this.holders.push(holderIdentity);
    return this.#lease;
  }

  async #arrived(call: string): Promise<void> {
    if (!this.#isHeldUp) return;
    await new Promise<void>((goOn) => this.#heldUp.push({ call, goOn }));
  }
}
