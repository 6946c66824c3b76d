import { setTimeout as sleep } from "node:timers/promises";

import type { Dispatcher } from "undici";

import { KubeError, type Fence } from "./api.ts";
import type { Connection } from "./connection.ts";
import { Deadline } from "./deadline.ts";
import { late, refused, unreachable } from "./failure.ts";
import { NotLeader } from "./lease-fence.ts";
import { waitBeforeRetry } from "./retry.ts";

/** One HTTP exchange, as metrics count it. */
export interface CallSeen {
  readonly verb: string;
  /** Plural, "jobs". */
  readonly resource: string;
  /** HTTP status; 0 when there was no answer. */
  readonly code: number;
  /** Until the answer's headers. */
  readonly seconds: number;
}

/** What calls are made with. */
export interface Caller {
  readonly connection: Connection;
  /** In [0, 1). */
  readonly random: () => number;
  readonly onCall: (seen: CallSeen) => void;
}

/** One request. */
export interface Request {
  /** The API's verb: get, list, watch, create, update, patch, delete. */
  readonly verb: string;
  readonly resource: string;
  /** For people: "create jobs velo/rr-1". */
  readonly task: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With its query. */
  readonly path: string;
  readonly body?: object;
  /** Of the body; JSON unless told otherwise. */
  readonly type?: string;
  /** For the whole call, repetitions and the waits between them included. */
  readonly deadlineSeconds: number;
  readonly fence?: Fence | undefined;
  /** Gives the call up earlier; it then throws what the signal says. */
  readonly signal?: AbortSignal;
}

type Body = Dispatcher.ResponseData["body"];

/**
 * Sends a request until it is answered, and reads the answer with `read` as part of the call. Throws KubeError, or NotLeader by the fence.
 * What a `read` returns may outlive the deadline, a watch's body for instance.
 */
export async function call<T>(
  caller: Caller,
  asked: Request,
  read: (body: Body, status: number) => Promise<T>,
): Promise<T> {
  const deadlineSeconds = Math.min(asked.deadlineSeconds, asked.fence?.() ?? Infinity);
  const request = { ...asked, deadlineSeconds };
  using deadline = new Deadline(deadlineSeconds, request.signal);
  for (let tries = 1; ; tries++) {
    const outcome = await attempt(caller, request, { deadline, read });
    if (!("failure" in outcome)) return outcome.value;
    const { failure } = outcome;
    const tried = { reads: request.method === "GET", tries, secondsLeft: deadline.secondsLeft() };
    const seconds = waitBeforeRetry(failure, tried, caller.random);
    if (seconds === undefined) throw failure;
    await pause(seconds, deadline.signal);
  }
}

async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(seconds * 1000, undefined, { signal });
  } catch {
    // The next try says what has ended the wait.
  }
}

interface Reading<T> {
  readonly deadline: Deadline;
  readonly read: (body: Body, status: number) => Promise<T>;
}

async function attempt<T>(
  caller: Caller,
  request: Request,
  { deadline, read }: Reading<T>,
): Promise<{ readonly value: T } | { readonly failure: KubeError }> {
  try {
    const { statusCode, headers, body } = await exchange(caller, request, deadline.signal);
    if (statusCode < 300) return { value: await read(body, statusCode) };
    const retryAfter = headers["retry-after"]?.toString();
    return { failure: refused(request.task, { status: statusCode, retryAfter, text: await body.text() }) };
  } catch (error) {
    request.signal?.throwIfAborted();
    if (error instanceof NotLeader) throw error;
    if (error instanceof KubeError) return { failure: error };
    if (deadline.signal.aborted) return { failure: late(request.task, request.deadlineSeconds) };
    return { failure: unreachable(request.task, error) };
  }
}

/** A token may have been replaced between our reading it and the server's looking at it: 401 is asked once more. */
async function exchange(
  caller: Caller,
  request: Request,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  const answer = await send(caller, request, signal);
  if (answer.statusCode !== 401) return answer;
  await answer.body.dump();
  caller.connection.renew();
  return await send(caller, request, signal);
}

async function send(caller: Caller, request: Request, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
  const { server, headers, dispatcher } = await caller.connection.open();
  const { verb, resource, method, path, body, type = "application/json" } = request;
  // As late as can be: the answer before this one, or the token, may have taken long.
  request.fence?.();
  const before = performance.now();
  let code = 0;
  try {
    const answer = await dispatcher.request({
      origin: server.origin,
      path: server.pathname.replace(/\/$/u, "") + path,
      method,
      headers: { ...common, ...headers, ...(body === undefined ? {} : { "content-type": type }) },
      body: body === undefined ? null : JSON.stringify(body),
      signal,
      // The deadline is ours; these would end a quiet watch.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    code = answer.statusCode;
    return answer;
  } finally {
    const seconds = (performance.now() - before) / 1000;
    caller.onCall({ verb, resource, code, seconds });
  }
}

const common = { accept: "application/json", "user-agent": "retrain-operator" };
