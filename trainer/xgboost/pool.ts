import { RunFailure } from "../errors.ts";
import type { RowRange } from "./batch.ts";
import { Crew } from "./crew.ts";
import { gridSearch, type GridPlan, type GridResult, type OnProgress } from "./grid.ts";
import type { DenseBlock, FitPlan, Fitted, WorkerStart } from "./messages.ts";

export interface PoolOptions {
  readonly libraryPath: string;
  /** Worker threads, usually one a CPU. */
  readonly workers: number;
  /** URL of a module that exports createSource() (see SourceModule), e.g. `new URL("./source.ts", import.meta.url).href`. */
  readonly sourceModule: string;
  /** What createSource() gets; put what is large into SharedArrayBuffers. */
  readonly data: unknown;
  /** Bins per feature at most, of all matrices. */
  readonly maxBin: number;
  /** Rows of a batch; the model does not depend on it (measured). */
  readonly batchRows?: number;
}

/** A range of rows, and the booster to train on it. */
export type Fit = Omit<FitPlan, "parameters"> & {
  readonly parameters: Omit<FitPlan["parameters"], "maxBin">;
};

/**
 * Training in worker threads; the calling thread stays free. Promises reject with RunFailure: "Terminated" at once
 * after cancel(), "Bug" for what the library refuses and for a worker that died. After either, and after a failed
 * grid search, the pool is of no more use.
 */
export class TrainingPool implements AsyncDisposable {
  readonly #crew: Crew;
  readonly #options: PoolOptions;
  readonly #stop: Int32Array<SharedArrayBuffer>;
  readonly #cancelled = Promise.withResolvers<never>();
  readonly #work = new Set<Promise<unknown>>();

  private constructor(crew: Crew, options: PoolOptions, stop: Int32Array<SharedArrayBuffer>) {
    this.#crew = crew;
    this.#options = options;
    this.#stop = stop;
    this.#cancelled.promise.catch(() => undefined); // It may happen while nobody waits.
  }

  /** Starts the workers, each with the library and the source module loaded. Throws RunFailure("Bug") if it cannot. */
  static async start(options: PoolOptions): Promise<TrainingPool> {
    const { libraryPath, sourceModule, data, batchRows = 16_384 } = options;
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const start: WorkerStart = { libraryPath, sourceModule, data, batchRows, stop };
    return new TrainingPool(await Crew.start(options.workers, start), options, stop);
  }

  /** What the loaded library calls itself, such as `3.4.1`. */
  get libraryVersion(): string {
    return this.#crew.libraryVersion;
  }

  /** Trains every booster of the plan on every fold, all workers at once, one thread each. */
  gridSearch(plan: Omit<GridPlan, "maxBin">, onProgress: OnProgress = silent): Promise<GridResult> {
    const crew = this.#crew;
    const runner = {
      workers: this.#options.workers,
      run: crew.run.bind(crew),
      stop: () => {
        this.#raiseFlag();
      },
    };
    return this.#watch(() => gridSearch({ ...plan, maxBin: this.#options.maxBin }, runner, onProgress));
  }

  /** Trains one model in one worker, with `parameters.nthread` threads. Several may be asked for at once. */
  fit({ range, parameters, rounds }: Fit, onProgress: OnProgress = silent): Promise<Fitted> {
    const plan = { range, parameters: { ...parameters, maxBin: this.#options.maxBin }, rounds };
    return this.#watch(() =>
      this.#crew.run("fit", plan, (done) => {
        onProgress(done, rounds);
      }),
    );
  }

  /** Raw predictions of a saved model for a range of rows, one a row. */
  predict(model: Uint8Array, range: RowRange, nthread = 1): Promise<Float32Array> {
    return this.#watch(() => this.#crew.run("predict", { model, range, nthread }));
  }

  /** The same for rows that are not the table's own: a block with all of the model's columns. It is copied. */
  predictRows(model: Uint8Array, block: DenseBlock, nthread = 1): Promise<Float32Array> {
    return this.#watch(() => this.#crew.run("predictRows", { model, block, nthread }));
  }

  /** Ends all work: promises reject at once, the workers follow after their current round or batch. */
  cancel(): void {
    this.#raiseFlag();
    this.#cancelled.reject(new RunFailure("Terminated", "Stopped training on request"));
  }

  /** Cancels what is not finished and waits for the threads to end. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.cancel();
    await Promise.allSettled(this.#work);
    await this.#crew[Symbol.asyncDispose]();
  }

  #raiseFlag(): void {
    Atomics.store(this.#stop, 0, 1);
  }

  /** Settles with the work or with the cancellation; the work itself goes on until its memory is freed. */
  #watch<Result>(begin: () => Promise<Result>): Promise<Result> {
    const work = begin();
    this.#work.add(work);
    const forget = (): void => void this.#work.delete(work);
    work.then(forget, forget);
    return Promise.race([this.#cancelled.promise, work]);
  }
}

function silent(): void {
  // Nobody asked for progress.
}
