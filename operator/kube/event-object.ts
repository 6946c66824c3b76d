import { createHash } from "node:crypto";

import { microTime } from "./clock.ts";

/** The object that an Event is about. */
export interface Regarding {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** Something that `kubectl describe` shall tell about an object. */
export interface Occurrence {
  readonly regarding: Regarding;
  readonly type: "Normal" | "Warning";
  /** Why, one word. */
  readonly reason: string;
  /** What was done or tried, one word. */
  readonly action: string;
  /** A sentence; cut at 1 KiB. */
  readonly message: string;
}

/** Who tells it. */
export interface Reporter {
  /** A domain and a name: `retrain.velo/operator`. */
  readonly component: string;
  readonly instance: string;
}

/** Two occurrences with the same key are one Event, the second time in its series. */
export const keyOf = ({ regarding, type, reason, action, message }: Occurrence): string =>
  JSON.stringify([regarding.uid, type, reason, action, message]);

/** An Event of events.k8s.io/v1 about something that happened once. */
export function eventObject(
  { regarding, type, reason, action, message }: Occurrence,
  { component, instance }: Reporter,
  { name, at }: { readonly name: string; readonly at: Date },
): object {
  return {
    apiVersion: "events.k8s.io/v1",
    kind: "Event",
    metadata: { namespace: regarding.namespace, name },
    regarding,
    type,
    reason: cut(reason, 128),
    action: cut(action, 128),
    note: cut(message, 1024),
    eventTime: microTime(at),
    reportingController: component,
    reportingInstance: cut(instance, 128),
  };
}

/** The merge patch once it has happened so often, at least twice: the API server refuses a series of one. */
export const seriesPatch = (count: number, lastAt: Date): object => ({
  series: { count, lastObservedTime: microTime(lastAt) },
});

const longestName = 253;

/**
 * `<object>.<when><hash of what>`: the same again for a retry, whose first try may have been heard. kubectl describe, which knows no
 * eventTime, shows Events in the order of their names.
 */
export function eventName(objectName: string, key: string, at: Date): string {
  const when = at.getTime().toString(16).padStart(12, "0");
  const hash = createHash("sha256").update(key).digest("hex").slice(0, 8);
  const suffix = `.${when}${hash}`;
  return `${objectName.slice(0, longestName - suffix.length).replace(/[-.]+$/u, "")}${suffix}`;
}

/** The API server counts bytes; half a character would become one that nobody wrote. */
export function cut(text: string, mostBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= mostBytes) return bytes.toString();
  const ellipsis = "…";
  let end = mostBytes - Buffer.byteLength(ellipsis);
  while (isInsideCharacter(bytes[end])) end--;
  return `${bytes.toString("utf8", 0, end)}${ellipsis}`;
}

const isInsideCharacter = (byte = 0): boolean => (byte & 0b1100_0000) === 0b1000_0000;
