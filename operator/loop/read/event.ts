import { z } from "zod";

import type { EventSeen } from "../../reconcile/seen.ts";
import { Time } from "./metadata.ts";

const About = z.object({ uid: z.string().min(1) }).nullish();
const text = z.string().nullish();
const time = Time.nullish();

/** Fields of core/v1 and of events.k8s.io/v1: the same events under two names. */
const Event = z.object({
  metadata: z.object({ creationTimestamp: time }),
  involvedObject: About,
  regarding: About,
  type: text,
  reason: text,
  message: text,
  note: text,
  series: z.object({ lastObservedTime: time }).nullish(),
  lastTimestamp: time,
  deprecatedLastTimestamp: time,
  eventTime: time,
});
type Event = z.infer<typeof Event>;

/** An Event of either API; undefined for what is none, is about nothing or has no time. */
export function readEvent(object: unknown): EventSeen | undefined {
  const { data } = Event.safeParse(object);
  const aboutUid = (data?.involvedObject ?? data?.regarding)?.uid;
  if (data === undefined || aboutUid === undefined) return undefined;
  const at = newestTime(data);
  if (at === undefined) return undefined;
  const { type, reason } = data;
  return { aboutUid, type: type ?? "Normal", reason: reason ?? "", message: messageOf(data), at };
}

const messageOf = ({ message, note }: Event): string => message ?? note ?? "";

/** An event that is repeated keeps its object: the newest of its times is when it was seen last. */
function newestTime(event: Event): Date | undefined {
  const { metadata, series, lastTimestamp, deprecatedLastTimestamp, eventTime } = event;
  const seen = [series?.lastObservedTime, lastTimestamp, deprecatedLastTimestamp, eventTime];
  const times = seen.filter((at) => at instanceof Date).map(Number);
  return times.length > 0 ? new Date(Math.max(...times)) : (metadata.creationTimestamp ?? undefined);
}
