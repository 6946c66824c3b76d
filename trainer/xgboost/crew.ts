import { Worker } from "node:worker_threads";

import { RunFailure } from "../errors.ts";
import type { FromWorker, Request, Result, TaskName, WorkerStart } from "./messages.ts";

/** Hears the rounds that a task has trained so far. */
export type OnRounds = (rounds: number) => void;

/** What a worker is busy with: its start, then one task after the other. */
interface Job {
  readonly onRounds?: OnRounds | undefined;
  resolve(result: unknown): void;
  reject(error: RunFailure): void;
}

interface QueuedJob extends Job {
  readonly message: { readonly kind: TaskName; readonly request: Request<TaskName> };
}

/** Worker threads and the queue of their tasks: first come, first served (but memory is freed at once). */
export class Crew implements AsyncDisposable {
  readonly #workers: readonly Worker[];
  readonly #idle: Worker[] = [];
  readonly #queue: QueuedJob[] = [];
  readonly #running = new Map<Worker, Job>();
  /** Set when a worker has died: matrices that it made may be lost, and with them the run. */
  #broken: RunFailure | undefined;
  #stopping = false;
  #libraryVersion = "";

  private constructor(size: number, start: WorkerStart) {
    const file = new URL("./worker.ts", import.meta.url);
    this.#workers = Array.from({ length: size }, () => new Worker(file, { workerData: start }));
  }

  /** Starts `size` workers and waits until each has loaded the library. Throws RunFailure("Bug") if one cannot. */
  static async start(size: number, start: WorkerStart): Promise<Crew> {
    const crew = new Crew(size, start);
    const hiring = crew.#workers.map((worker) => crew.#hire(worker));
    await Promise.allSettled(hiring); // A thread that is ended while it loads koffi would take the process with it.
    try {
      const [version] = await Promise.all(hiring);
      crew.#libraryVersion = version ?? "";
      return crew;
    } catch (error) {
      await crew[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** What the loaded library calls itself, such as `3.4.1`. */
  get libraryVersion(): string {
    return this.#libraryVersion;
  }

  /** Queues a task. Rejects with what the worker threw, or with RunFailure("Bug") when a worker has died. */
  run<Name extends TaskName>(kind: Name, request: Request<Name>, onRounds?: OnRounds): Promise<Result<Name>> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken);
    return new Promise((resolve, reject) => {
      const settle = (result: unknown): void => {
        resolve(result as Result<Name>);
      };
      const job = { message: { kind, request }, onRounds, resolve: settle, reject };
      if (kind === "free") this.#queue.unshift(job);
      else this.#queue.push(job);
      this.#assign();
    });
  }

  /** Lets running tasks end, and the threads with them. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#workers.map((worker) => leave(worker)));
  }

  #hire(worker: Worker): Promise<string> {
    worker.on("message", (message: FromWorker) => {
      this.#hear(worker, message);
    });
    worker.on("error", (error) => {
      this.#lose(worker, error);
    });
    worker.on("exit", (code) => {
      if (!this.#stopping) this.#lose(worker, new Error(`it exited with code ${String(code)}`));
    });
    return new Promise((resolve, reject) => {
      const ready = (version: unknown): void => {
        resolve(String(version));
      };
      this.#running.set(worker, { resolve: ready, reject });
    });
  }

  #hear(worker: Worker, message: FromWorker): void {
    const job = this.#running.get(worker);
    if (message.kind === "progress") {
      job?.onRounds?.(message.rounds);
      return;
    }
    this.#running.delete(worker);
    this.#idle.push(worker);
    if (message.kind === "failed") job?.reject(revived(message));
    else job?.resolve(message.kind === "ready" ? message.version : message.result);
    this.#assign();
  }

  #assign(): void {
    while (this.#queue.length > 0 && this.#idle.length > 0) {
      const [worker, job] = [this.#idle.shift(), this.#queue.shift()];
      if (worker === undefined || job === undefined) return;
      this.#running.set(worker, job);
      worker.postMessage(job.message);
    }
  }

  /** What the worker was doing and all that still waits is rejected; other workers end their tasks. */
  #lose(worker: Worker, error: unknown): void {
    const said = Error.isError(error) ? error.message : String(error);
    this.#broken ??= new RunFailure("Bug", `Cannot go on training: a worker thread died: ${said}`, {
      cause: error,
    });
    this.#running.get(worker)?.reject(this.#broken);
    this.#running.delete(worker);
    for (const job of this.#queue.splice(0)) job.reject(this.#broken);
  }
}

function revived({ reason, error }: FromWorker & { kind: "failed" }): RunFailure {
  return new RunFailure(reason, Error.isError(error) ? error.message : String(error), { cause: error });
}

function leave(worker: Worker): Promise<void> {
  if (worker.threadId === -1) return Promise.resolve(); // It has ended already.
  return new Promise((resolve) => {
    worker.once("exit", () => {
      resolve();
    });
    worker.postMessage({ kind: "stop" });
  });
}
