import { existsSync } from "node:fs";
import { setTimeout } from "node:timers/promises";

import { run } from "../../xgboost/run.ts";
import { inside, type Namespaces } from "./namespaces.ts";

/** An image as a directory with the files of a `docker save` archive; layers may be symbolic links. */
export interface ImageArchive {
  readonly name: string;
  readonly directory: string;
}

/** Resolves when containerd can be spoken to, or has ended, which whoever waits for the node notices. */
export async function containerdReady({ pid, program }: Namespaces): Promise<void> {
  const socket = `/proc/${String(pid)}/root/run/containerd/containerd.sock`;
  while (program.ended() === undefined && !existsSync(socket)) await setTimeout(pollMilliseconds);
}

const pollMilliseconds = 20;

/** Without a copy of the whole archive: it goes from tar to containerd. */
const script = 'directory=$1; shift; tar --create --dereference --directory="$directory" . | "$@"';

/** Gives an image to the containerd in the namespaces of a process. Throws an Error with what was said when that fails. */
export async function importImage(pid: number, { name, directory }: ImageArchive): Promise<void> {
  const [nsenter, values] = inside(pid, "ctr", ["--namespace=k8s.io", "images", "import", "-"]);
  try {
    await run("/bin/sh", ["-c", script, "import", directory, nsenter, ...values], () => undefined);
  } catch (cause) {
    throw new Error(`Cannot import the image ${name} from ${directory}`, { cause });
  }
}
