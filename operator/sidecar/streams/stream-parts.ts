import type { Kube, LogFollower } from "../../kube/api.ts";
import type { Clock } from "../../kube/clock.ts";
import type { Runs } from "../runs/runs.ts";

/** What streams are made from. */
export interface StreamParts {
  readonly runs: Pick<Runs, "isSynced" | "find" | "subscribe">;
  readonly kube: Pick<Kube, "list"> & LogFollower;
  readonly clock: Pick<Clock, "sleep">;
}
