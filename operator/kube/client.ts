import { z } from "zod";

import type { Kube, LogFollower } from "./api.ts";
import { call, type CallSeen, type Caller, type Request } from "./call.ts";
import type { Connection } from "./connection.ts";
import { list } from "./list.ts";
import { logStream } from "./log-stream.ts";
import { KubeObjectRead } from "./objects.ts";
import { pathOf, pathOfNamed } from "./path.ts";
import { callForJson, selecting, titled, type Subject } from "./request.ts";
import { watch } from "./watch.ts";

export interface KubeOptions {
  /** In [0, 1). */
  readonly random: () => number;
  readonly onCall?: (seen: CallSeen) => void;
  readonly limits?: Partial<Limits>;
}

export interface Limits {
  /** Of each call but a page of a list; repetitions included. Until a watch begins. */
  readonly callSeconds: number;
  readonly pageSeconds: number;
  readonly pageSize: number;
  /** Watches end after this time or up to twice of it, so that those which begin together do not end together. */
  readonly watchSeconds: number;
  /** A watch on which nothing comes for so long counts as dead. */
  readonly silenceSeconds: number;
}

const usual: Limits = {
  callSeconds: 15,
  pageSeconds: 60,
  pageSize: 500,
  watchSeconds: 300,
  // Bookmarks come every 60 s, so one may be missed. A kind that has none (Events) is watched anew so often, from where it stands.
  silenceSeconds: 130,
};

/** The API server behind a connection, which stays the caller's. */
export function createKube(connection: Connection, options: KubeOptions): Kube & LogFollower {
  const { random, onCall = () => undefined } = options;
  const limits = { ...usual, ...options.limits };
  const caller: Caller = { connection, random, onCall };
  return { ...reading(caller, limits), ...writing(caller, limits) };
}

type Reads = Pick<Kube, "get" | "list" | "watch" | "logs"> & LogFollower;

function reading(caller: Caller, limits: Limits): Reads {
  const { callSeconds, watchSeconds, silenceSeconds } = limits;
  const common = { method: "GET", deadlineSeconds: callSeconds } as const;
  return {
    get: (at) => {
      const request = { ...common, ...titled("get", at), path: pathOfNamed(at) };
      return callForJson(caller, request, KubeObjectRead);
    },
    list: (at, selection = {}) => list(caller, { at, selection, limits }),
    watch: (at, { resourceVersion, signal, ...selection }) => {
      const timeoutSeconds = Math.floor(watchSeconds * (1 + caller.random()));
      const query = { ...selecting(selection), watch: true, allowWatchBookmarks: true };
      const path = pathOf(at, { ...query, resourceVersion, timeoutSeconds });
      return watch(caller, { ...common, ...titled("watch", at), path, signal, silenceSeconds });
    },
    logs: ({ namespace, pod: name, container }, most) => {
      const at = { resource: pods, namespace, name };
      const path = pathOfNamed(at, "log", { container, ...most });
      return call(caller, { ...common, ...titled("get", { ...at, subresource: "log" }), path }, (body) =>
        body.text(),
      );
    },
    followLogs: ({ namespace, pod: name, container }, signal) => {
      const at = { resource: pods, namespace, name };
      const path = pathOfNamed(at, "log", { container, follow: true });
      return logStream(caller, {
        ...common,
        ...titled("watch", { ...at, subresource: "log" }),
        path,
        signal,
      });
    },
  };
}

const pods = { group: "", version: "v1", plural: "pods", kind: "Pod" };

type Writes = Pick<Kube, "create" | "patch" | "replace" | "remove">;

function writing(caller: Caller, { callSeconds: deadlineSeconds }: Limits): Writes {
  const send = (
    verb: string,
    at: Subject,
    rest: Pick<Request, "method" | "path" | "body" | "type" | "fence">,
  ) => callForJson(caller, { ...titled(verb, at), ...rest, deadlineSeconds }, KubeObjectRead);
  return {
    create: (at, body, fence) =>
      send("create", { ...at, name: nameOf(body) }, { method: "POST", path: pathOf(at), body, fence }),
    patch: (at, body, fence) => {
      const path = pathOfNamed(at, at.subresource);
      const kind = Array.isArray(body) ? "json-patch" : "merge-patch";
      return send("patch", at, { method: "PATCH", path, body, type: `application/${kind}+json`, fence });
    },
    replace: (at, body, fence) => send("update", at, { method: "PUT", path: pathOfNamed(at), body, fence }),
    remove: async (at, fence) => {
      const body = {
        apiVersion: "v1",
        kind: "DeleteOptions",
        preconditions: { uid: at.uid },
        propagationPolicy: "Background",
      };
      const request = { ...titled("delete", at), method: "DELETE", path: pathOfNamed(at), body } as const;
      await call(caller, { ...request, fence, deadlineSeconds }, (answer) => answer.dump());
    },
  };
}

const Nameable = z.object({ metadata: z.object({ name: z.string() }) });

const nameOf = (object: object): string | undefined => Nameable.safeParse(object).data?.metadata.name;
