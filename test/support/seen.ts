import { createHash } from "node:crypto";

import type { z } from "zod";

import { Configuration } from "../../contract/configuration.ts";
import type { TerminationMessage } from "../../contract/termination-message.ts";
import type { ContainerSeen, JobSeen, PodSeen, RunSeen } from "../../operator/reconcile/seen.ts";
import type { Settings } from "../../operator/reconcile/settings.ts";

/** When a test begins, unless it says otherwise. */
export const beginning = new Date("2026-12-01T02:00:00Z");
export const secondsLater = (seconds: number, than = beginning): Date =>
  new Date(than.getTime() + seconds * 1000);

export const settingsOf = (configuration: z.input<typeof Configuration> = {}): Settings => ({
  configuration: Configuration.parse(configuration),
  sha256: (text) => createHash("sha256").update(text).digest("hex"),
});

/** A run that nobody has looked at yet. Its uid is its name, of the length that a Job's name takes from it. */
export const runSeen = ({ name, ...differs }: Partial<RunSeen> & { name: string }): RunSeen => ({
  namespace: "city",
  name,
  uid: uidOf(name),
  resourceVersion: "1",
  generation: 1,
  createdAt: beginning,
  deleting: false,
  startedAs: undefined,
  model: "bike-traffic",
  spec: {},
  status: {},
  ...differs,
});
export const uidOf = (name: string): string => name.padEnd(10, "x");

export const jobSeen = (differs: Partial<JobSeen> & { name: string }): JobSeen => ({
  uid: `uid of ${differs.name}`,
  ownerUid: undefined,
  createdAt: beginning,
  deleting: false,
  suspended: false,
  ttlSecondsAfterFinished: undefined,
  finished: undefined,
  ...differs,
});

export const noContainer: ContainerSeen = {
  waiting: undefined,
  runningSince: undefined,
  terminated: undefined,
};
export const podSeen = (differs: Partial<PodSeen> & { name: string }): PodSeen => ({
  uid: `uid of ${differs.name}`,
  jobUid: undefined,
  createdAt: beginning,
  node: "node-1",
  deletingAt: undefined,
  gone: false,
  phase: "Pending",
  reason: undefined,
  message: undefined,
  conditions: [],
  trainer: noContainer,
  ...differs,
});

/** What the trainer of a run says in the end: a new version, unless the test says otherwise. */
export const reportOf = (
  name: string,
  differs: Partial<TerminationMessage> = {},
): Partial<TerminationMessage> => ({
  schemaVersion: 1,
  runUid: uidOf(name),
  verdict: "Published",
  reason: "NewVersion",
  message: "Version 2026-12-01-1 is current",
  version: "2026-12-01-1",
  peakMemoryBytes: 1e9,
  ...differs,
});
