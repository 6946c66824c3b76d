import { resources, type Kube, type KubeObject, type Named } from "../kube/api.ts";
import { hasStatus } from "../kube/failure.ts";
import type { RunSeen } from "../reconcile/seen.ts";
import type { World } from "./world.ts";

export const runAt = ({ namespace, name }: RunSeen): Named => ({
  resource: resources.retrainRuns,
  namespace,
  name,
});

/**
 * The run as a write left it; undefined when it was no longer as it had been seen. Either way the world knows it then, so that
 * the next pass is not decided on what this one saw.
 */
export async function writeRun(
  kube: Kube,
  world: World,
  run: RunSeen,
  write: () => Promise<KubeObject>,
): Promise<KubeObject | undefined> {
  try {
    const written = await write();
    world.answeredRun(written);
    return written;
  } catch (error) {
    if (!hasStatus(error, 404) && !hasStatus(error, 409)) throw error;
    await askForRun(kube, world, run);
    return undefined;
  }
}

async function askForRun(kube: Kube, world: World, run: RunSeen): Promise<void> {
  try {
    const found = await kube.get(runAt(run));
    if (found.metadata.uid !== run.uid) world.remove(run.uid);
    world.answeredRun(found);
  } catch (error) {
    if (!hasStatus(error, 404)) throw error;
    world.remove(run.uid);
  }
}
