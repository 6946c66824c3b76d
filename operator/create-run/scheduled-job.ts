import { z } from "zod";

import { Time } from "../loop/read/metadata.ts";

/** Written by the CronJob controller: the tick, however late the Job was made. A Job made by hand has none. */
const tick = "batch.kubernetes.io/cronjob-scheduled-timestamp";

const Job = z.object({
  metadata: z.object({
    name: z.string(),
    uid: z.string(),
    creationTimestamp: Time,
    annotations: z.record(z.string(), z.string()).nullish(),
    ownerReferences: z.array(z.object({ kind: z.string(), name: z.string() })).nullish(),
  }),
});

/** The Job in which a run is created. */
export interface ScheduledJob {
  readonly uid: string;
  /** When the run was due: the tick of the schedule, else when the Job was made. */
  readonly dueAt: Date;
  /** As a run's requestedBy: `cronjob/NAME`, or `job/NAME` for a Job that no CronJob owns. */
  readonly requestedBy: string;
}

/** Throws when it is not what an API server sends for a Job. */
export function readScheduledJob(object: unknown): ScheduledJob {
  const { metadata } = Job.parse(object);
  const { uid, name, creationTimestamp, annotations, ownerReferences } = metadata;
  const due = Time.safeParse(annotations?.[tick]).data;
  const owner = ownerReferences?.find(({ kind }) => kind === "CronJob");
  const requestedBy = owner === undefined ? `job/${name}` : `cronjob/${owner.name}`;
  return { uid, dueAt: due ?? creationTimestamp, requestedBy };
}

/** The month of an instant in a time zone, `2026-12`. */
export function periodOf(instant: Date, timeZone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" }).format(instant).slice(0, 7);
}
