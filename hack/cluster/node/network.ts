import { randomInt } from "node:crypto";
import { networkInterfaces } from "node:os";

import { run } from "../../xgboost/run.ts";
import { inside, type Namespaces } from "./namespaces.ts";

/** Addresses of one node: a cable from the machine to it, and its Pods' subnet. */
export interface Network {
  /** The machine's end of the cable: where Pods reach what runs on the machine. */
  readonly machine: string;
  readonly node: string;
  readonly pods: { readonly subnet: string; readonly gateway: string; readonly first: string };
}

/** 198.18.0.0/16 is set aside for benchmarks (RFC 2544), so no real network has it. */
const prefix = "198.18";

/** The addresses of the third byte `part`. */
export function networkOf(part: number): Network {
  const address = (last: number): string => `${prefix}.${String(part)}.${String(last)}`;
  return {
    machine: address(1),
    node: address(2),
    pods: { subnet: `${address(128)}/25`, gateway: address(129), first: address(130) },
  };
}

/**
 * Lays a cable into the namespaces, a veth pair, with addresses that are free here, and routes the Pods' over it. It goes with the
 * namespaces. What `ip` refuses because another node was faster is tried with other addresses.
 */
export async function connect(namespaces: Namespaces): Promise<Network> {
  for (let tries = 1; ; tries++) {
    const part = freePart(networkInterfaces());
    try {
      await layCable(`retrain${String(part)}`, networkOf(part), namespaces);
      return networkOf(part);
    } catch (error) {
      if (tries === 3 || !isTaken(error)) throw error;
    }
  }
}

const isTaken = (error: unknown): boolean => Error.isError(error) && error.message.includes("File exists");

/** A third byte that no interface of this machine uses. */
export function freePart(interfaces: ReturnType<typeof networkInterfaces>): number {
  const addresses = Object.values(interfaces).flatMap((each) => each ?? []);
  const taken = new Set(addresses.map(({ address }) => address.split(".").slice(0, 3).join(".")));
  const free = Array.from({ length: 256 }, (_, part) => part).filter(
    (part) => !taken.has(`${prefix}.${String(part)}`),
  );
  const part = free[randomInt(Math.max(1, free.length))];
  if (part === undefined) throw new Error(`Cannot start a node: all of ${prefix}.0.0/16 is in use`);
  return part;
}

async function layCable(cable: string, { machine, node, pods }: Network, { pid }: Namespaces): Promise<void> {
  await ip(`link add ${cable} type veth peer name eth0 netns ${String(pid)}`);
  await ip(`address add ${machine}/30 dev ${cable}`);
  await ip(`link set ${cable} up`);
  await ip(`route add ${pods.subnet} via ${node} dev ${cable}`);
  await ip(`address add ${node}/30 dev eth0`, pid);
  await ip("link set eth0 up", pid);
  await ip(`route add default via ${machine}`, pid);
}

/** Runs `ip` here, or in the namespaces of a process. */
async function ip(words: string, pid?: number): Promise<void> {
  const values = words.split(" ");
  const [command, all] = pid === undefined ? ["ip", values] : inside(pid, "ip", values);
  await run(command, all, () => undefined);
}
