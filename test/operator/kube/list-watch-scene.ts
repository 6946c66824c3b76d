import { setImmediate } from "node:timers/promises";

import { resources, type KubeObject } from "../../../operator/kube/api.ts";
import { ListWatch, type ListWatchNews, type ListWatchOptions } from "../../../operator/kube/list-watch.ts";
import { FaultyKube } from "./faulty-kube.ts";
import { handClock, type HandClock } from "./hand-clock.ts";

export interface Item {
  readonly uid: string;
  readonly version: string;
}

/** An object with a field `broken` cannot be read. */
export function itemOf({ metadata, broken }: KubeObject): Item | undefined {
  if (broken === "throws") throw new Error("it is broken");
  return broken === undefined ? { uid: metadata.uid, version: metadata.resourceVersion } : undefined;
}

/** `+uid` was created, `-uid` deleted, `~uid` changed. */
export function changeText(before: Item | undefined, after: Item | undefined): string {
  const sign = before === undefined ? "+" : after === undefined ? "-" : "~";
  return `${sign}${(after ?? before)?.uid ?? ""}`;
}

/** Without what a list or a watch was, which the calls tell. */
export function newsText(news: ListWatchNews): string {
  switch (news.kind) {
    case "listed":
      return `listed: ${news.why}`;
    case "closed":
      return "closed";
    case "failed":
      return `failed to ${news.doing}: ${String(news.retrySeconds)} s`;
    case "missed":
      return `missed: ${String(news.objects)}`;
    case "unreadable":
      return `unreadable: ${news.object.metadata.uid}`;
  }
}

/** A list-watch that runs, on a clock of the test's and a client that fails as it is told. */
export interface ListWatchScene {
  readonly kube: FaultyKube;
  readonly clock: HandClock;
  readonly list: ListWatch<Item>;
  readonly news: string[];
  readonly signal: AbortSignal;
  /** Changes told since it was last asked. */
  changes(): string[];
  /** Calls made since it was last asked. */
  calls(): string[];
  /** Lets what can happen now happen. */
  settle(): Promise<void>;
  /** First what can happen now, then what can happen so much later. */
  readonly pass: (seconds: number) => Promise<void>;
  /** Resolves when run() has. */
  stop(): Promise<void>;
}

/** Unless `random` says otherwise, waits are in the middle of their range. */
export function listWatchScene(
  options: Partial<ListWatchOptions<Item>> = {},
  kube = new FaultyKube(),
): ListWatchScene {
  const clock = handClock();
  const changes: string[] = [];
  const news: string[] = [];
  const list = new ListWatch<Item>({
    ...{ kube, clock, random: () => 0.5 },
    place: { resource: resources.jobs, namespace: "velo" },
    parse: itemOf,
    onChange: (before, after) => changes.push(changeText(before, after)),
    onNews: (told) => news.push(newsText(told)),
    ...options,
  });
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = list.run(signal);
  running.catch(() => undefined); // It is for stop() to tell.
  return {
    ...{ kube, clock, list, news, signal, settle: setImmediate<void> },
    changes: () => changes.splice(0),
    calls: () => kube.calls.splice(0),
    pass: async (seconds) => {
      await setImmediate();
      clock.advance(seconds * 1000);
      await setImmediate();
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
