import type { z } from "zod";

import { KubeError, type WatchEvent } from "./api.ts";
import { call, type Caller, type Request } from "./call.ts";
import { refused, silent, unreachable, unreadable } from "./failure.ts";
import { lines } from "./lines.ts";
import { WatchLine } from "./objects.ts";
import { Silence } from "./silence.ts";

/** A watch's request; its signal ends it. */
export interface Watch extends Request {
  readonly signal: AbortSignal;
  /** Without a line for so long, the connection counts as dead. */
  readonly silenceSeconds: number;
}

/** What the server writes. Ends when the server or the signal ends it; throws KubeError when anything else does. */
export async function* watch(caller: Caller, request: Watch): AsyncGenerator<WatchEvent> {
  const { task, silenceSeconds } = request;
  using silence = new Silence(silenceSeconds);
  const signal = AbortSignal.any([request.signal, silence.signal]);
  try {
    const body = await call(caller, { ...request, signal }, (answer) => Promise.resolve(answer));
    for await (const line of lines(silence.between(body))) yield event(task, line);
  } catch (error) {
    if (request.signal.aborted) return;
    if (error instanceof KubeError) throw error;
    throw silence.signal.aborted ? silent(task, silenceSeconds) : unreachable(task, error);
  }
}

function event(task: string, line: string): WatchEvent {
  const read = lineRead(task, line);
  switch (read.type) {
    case "ERROR":
      throw refused(task, { status: read.object.code, text: JSON.stringify(read.object) });
    case "BOOKMARK":
      return { type: "BOOKMARK", resourceVersion: read.object.metadata.resourceVersion };
    case "ADDED":
    case "MODIFIED":
    case "DELETED":
      return read;
  }
}

function lineRead(task: string, line: string): z.infer<typeof WatchLine> {
  try {
    return WatchLine.parse(JSON.parse(line));
  } catch {
    throw unreadable(task, 200);
  }
}
