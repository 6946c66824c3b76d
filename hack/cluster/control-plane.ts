import type { Access } from "./api.ts";
import type { Binaries } from "./binaries.ts";
import { loopback } from "./commands.ts";
import { writeKubeconfig } from "./credentials.ts";
import { Home } from "./home.ts";
import { startPrograms } from "./start.ts";

/** A running etcd, kube-apiserver and kube-controller-manager. It ends with its block or with this process. */
export interface ControlPlane extends Access, AsyncDisposable {
  readonly directory: string;
  /** Path of a kubeconfig that may do everything. */
  readonly kubeconfig: string;
  /** It outlives this process, until `endControlPlane(directory)`. */
  keep(): Promise<void>;
}

/**
 * Starts a control plane on 127.0.0.1 and waits until Pods can be created in it. Any number can run side by side; no root is
 * needed. Its directory is made in `below`, by default the system's temporary one. Throws an Error with what a program said when it ended instead.
 */
export async function startControlPlane({ directory }: Binaries, below?: string): Promise<ControlPlane> {
  return await planeInNewHome(async (home) => (await startPrograms(home, directory, loopback)).admin, below);
}

/** The control plane that `start` makes in a home of its own; what is half done when it fails is taken back. */
export async function planeInNewHome(
  start: (home: Home) => Promise<Access>,
  below?: string,
): Promise<ControlPlane> {
  for (let starts = 1; ; starts++) {
    const home = await Home.make(new Date(), below);
    try {
      return await planeOf(home, await start(home));
    } catch (error) {
      await home.end();
      if (starts === startsTried || !isPortTaken(error)) throw error;
    }
  }
}

const startsTried = 3;
const isPortTaken = (error: unknown): boolean =>
  Error.isError(error) && error.message.includes("address already in use");

const planeOf = async (home: Home, access: Access): Promise<ControlPlane> => ({
  ...access,
  directory: home.directory,
  kubeconfig: await writeKubeconfig(home, "admin", access),
  keep: () => home.keep(),
  [Symbol.asyncDispose]: () => home.end(),
});
