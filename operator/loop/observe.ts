import { TerminationMessage } from "../../contract/termination-message.ts";
import { resources, type Kube } from "../kube/api.ts";
import { trainerContainer } from "../reconcile/labels.ts";
import type { EventSeen, JobSeen, PodSeen, Seen } from "../reconcile/seen.ts";
import { confirmed } from "./confirm.ts";
import { partsOf, type Key } from "./keys.ts";
import { readEvent } from "./read/event.ts";
import type { RefusedJobs } from "./refused-jobs.ts";
import type { RefusedTidying } from "./refused-tidying.ts";
import { TrainerLogs } from "./trainer-logs.ts";
import { Troubles } from "./troubles.ts";
import type { Known, World } from "./world.ts";

export interface ObserveParts {
  readonly kube: Kube;
  readonly worldOf: (namespace: string) => World;
  readonly refusedJobs: RefusedJobs;
  readonly refusedTidying: RefusedTidying;
  readonly clock: () => Date;
  /** Hears, once until it changes, of Events and logs that could not be read: their part of what is seen stays empty. */
  readonly onFailure: (error: unknown, what: string, key: Key) => void;
}

/** Everything about one model: from the watches, and what only a question to the API server tells. */
export class Observer {
  readonly #parts: ObserveParts;
  readonly #logs: TrainerLogs;
  readonly #troubles = new Troubles();

  constructor(parts: ObserveParts) {
    this.#parts = parts;
    this.#logs = new TrainerLogs({
      kube: parts.kube,
      container: trainerContainer,
      onRead: (key) => {
        this.#troubles.settle(key, "logs");
      },
      onFailure: (error, pod, key) => {
        if (!this.#troubles.isNew(key, "logs", error)) return;
        parts.onFailure(error, `the log of Pod ${pod.name}`, key);
      },
    });
  }

  async observe(key: Key): Promise<Seen> {
    const { kube, worldOf, clock } = this.#parts;
    const { namespace, model } = partsOf(key);
    const known = await confirmed(worldOf(namespace), kube, key);
    const open = openParts(known);
    const [events, logs] = await Promise.all([
      this.#eventsOf(key, pendingUids(open)),
      this.#logs.of(key, open.pods.filter(isWorthReading), clock()),
    ]);
    return { namespace, model, ...known, events, logs, ...this.#refusals(key, known) };
  }

  /** What is remembered of these models. */
  forget(isGone: (key: Key) => boolean): void {
    for (const memory of [this.#logs, this.#troubles]) memory.forget(isGone);
  }

  #refusals(key: Key, { runs, jobs }: Known): Pick<Seen, "refusedJobs" | "refusedTidying"> {
    const { refusedJobs, refusedTidying, clock } = this.#parts;
    const runUids = new Set(runs.map(({ uid }) => uid));
    const uids = new Set([...runUids, ...jobs.map(({ uid }) => uid)]);
    return {
      refusedJobs: refusedJobs.of(key, runUids),
      refusedTidying: refusedTidying.of(key, uids, clock()),
    };
  }

  async #eventsOf(key: Key, uids: readonly string[]): Promise<readonly EventSeen[]> {
    const lists = await Promise.all(uids.map((uid) => this.#eventsAbout(key, uid)));
    return lists.flat().toSorted((one, other) => one.at.getTime() - other.at.getTime());
  }

  async #eventsAbout(key: Key, uid: string): Promise<readonly EventSeen[]> {
    const place = { resource: resources.coreEvents, namespace: partsOf(key).namespace };
    try {
      const { items } = await this.#parts.kube.list(place, { fieldSelector: `involvedObject.uid=${uid}` });
      this.#troubles.settle(key, "Events");
      return items.flatMap((item) => readEvent(item) ?? []);
    } catch (error) {
      if (this.#troubles.isNew(key, "Events", error)) this.#parts.onFailure(error, "Events", key);
      return [];
    }
  }
}

interface OpenParts {
  readonly jobs: readonly JobSeen[];
  readonly pods: readonly PodSeen[];
}

/** Jobs and Pods of attempts that have not been recorded as ended. */
function openParts({ runs, jobs, pods }: Known): OpenParts {
  const open = runs.filter(({ status }) => status.verdict === undefined);
  const isOpen = ({ name, ownerUid }: JobSeen): boolean =>
    open.some(({ uid, status }) => {
      const recorded = status.attempts?.find((attempt) => attempt.job === name);
      return uid === ownerUid && recorded?.finishedAt === undefined;
    });
  const openJobs = jobs.filter(isOpen);
  const uids = new Set(openJobs.map(({ uid }) => uid));
  return { jobs: openJobs, pods: pods.filter(({ jobUid, gone }) => !gone && uids.has(jobUid ?? "")) };
}

/** What waits for its container, and Jobs without a Pod: only Events may tell why. */
function pendingUids({ jobs, pods }: OpenParts): readonly string[] {
  const without = ({ uid, finished }: JobSeen): boolean =>
    finished === undefined && !pods.some(({ jobUid }) => jobUid === uid);
  return [...jobs.filter(without), ...pods.filter(({ phase }) => phase === "Pending")].map(({ uid }) => uid);
}

/** It runs, or it ended without a report: then the last lines are all there is. */
const isWorthReading = ({ trainer: { runningSince, terminated } }: PodSeen): boolean =>
  terminated === undefined ? runningSince !== undefined : !isReport(terminated.message);

function isReport(message: string): boolean {
  try {
    return TerminationMessage.safeParse(JSON.parse(message)).success;
  } catch {
    return false; // Not JSON: JSON.parse has no predicate.
  }
}
