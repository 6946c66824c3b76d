import type { JobSeen, PodSeen, RunSeen } from "../../../operator/reconcile/seen.ts";

/** What the simulated API server holds, by uid. */
export interface Objects {
  readonly now: Date;
  readonly runs: Map<string, RunSeen>;
  readonly jobs: Map<string, JobSeen>;
  /** Gone ones too, as long as the operator remembers them. */
  readonly pods: Map<string, PodSeen>;
  /** Whether the Job controller calls a suspended Job failed whose Pod was stopped. */
  readonly failsSuspended: boolean;
}

export const isUnfinished = ({ gone, phase }: PodSeen): boolean =>
  !gone && phase !== "Succeeded" && phase !== "Failed";
