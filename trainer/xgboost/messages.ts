import type { FailureReason } from "../../contract/reasons.ts";
import type { Handle } from "./api.ts";
import type { Batch, RowRange } from "./batch.ts";
import type { BoosterParameters } from "./booster.ts";

/** What a training worker is started with. */
export interface WorkerStart {
  readonly libraryPath: string;
  /** URL of the module that exports createSource(). */
  readonly sourceModule: string;
  /** First argument of createSource(). What is large in it should be a SharedArrayBuffer: each worker gets the rest copied. */
  readonly data: unknown;
  readonly batchRows: number;
  /** Element 0 becomes 1 when the work is to stop. */
  readonly stop: Int32Array<SharedArrayBuffer>;
}

/** A time-ordered split of the training rows. */
export interface Fold {
  readonly train: RowRange;
  readonly valid: RowRange;
}

export interface FoldMatrices {
  readonly train: Handle;
  /** Binned with the training matrix's cuts. */
  readonly valid: Handle;
}

/** RMSE of the raw predictions of the first `rounds` rounds, `seconds` after the booster was started. */
export interface Score {
  readonly rounds: number;
  readonly rmse: number;
  readonly seconds: number;
}

export interface Scored {
  readonly scores: readonly Score[];
  /** Time spent in the library's rounds. */
  readonly kernelSeconds: number;
}

export interface FitPlan {
  readonly range: RowRange;
  readonly parameters: BoosterParameters;
  readonly rounds: number;
}

export interface Fitted {
  /** The model in the library's UBJSON form, with feature names. */
  readonly model: Uint8Array<ArrayBuffer>;
  readonly trainRmse: number;
  /** Raw predictions of the newest rows of the range, by which a saved copy can be compared. */
  readonly lastPredictions: Float32Array;
  readonly baseScore: number;
  readonly gain: ReadonlyMap<string, number>;
  readonly rounds: number;
  readonly seconds: number;
  readonly kernelSeconds: number;
}

/** Rows that are only predicted: a batch without targets, whose `values` are exactly all columns of `stride` elements. */
export type DenseBlock = Omit<Batch, "labels">;

/** Every task of a worker: what it is asked, what it answers. */
interface Tasks {
  readonly bin: {
    readonly request: { readonly fold: Fold; readonly maxBin: number; readonly nthread: number };
    readonly result: FoldMatrices;
  };
  readonly score: {
    readonly request: {
      readonly matrices: FoldMatrices;
      readonly parameters: BoosterParameters;
      readonly checkpoints: readonly number[];
    };
    readonly result: Scored;
  };
  readonly free: { readonly request: FoldMatrices; readonly result: undefined };
  readonly fit: { readonly request: FitPlan; readonly result: Fitted };
  readonly predict: {
    readonly request: { readonly model: Uint8Array; readonly range: RowRange; readonly nthread: number };
    readonly result: Float32Array;
  };
  readonly predictRows: {
    readonly request: { readonly model: Uint8Array; readonly block: DenseBlock; readonly nthread: number };
    readonly result: Float32Array;
  };
}
export type TaskName = keyof Tasks;
export type Request<Name extends TaskName> = Tasks[Name]["request"];
export type Result<Name extends TaskName> = Tasks[Name]["result"];

export type ToWorker =
  { readonly [Name in TaskName]: Assignment<Name> }[TaskName] | { readonly kind: "stop" };
interface Assignment<Name extends TaskName> {
  readonly kind: Name;
  readonly request: Request<Name>;
}

export type FromWorker =
  | { readonly kind: "ready"; readonly version: string }
  | { readonly kind: "progress"; readonly rounds: number }
  | { readonly kind: "done"; readonly result: Result<TaskName> }
  /** Errors lose their class on the way between threads. */
  | { readonly kind: "failed"; readonly reason: FailureReason; readonly error: unknown };
