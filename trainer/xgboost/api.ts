import type { Batch } from "./batch.ts";

/** Address of an object of the library. Threads of one process may hand it to each other; its owner alone frees it. */
export type Handle = bigint;

export interface MatrixConfig {
  /** Bins per feature at most; the same for a training matrix and what is scored against it. */
  readonly maxBin: number;
  readonly nthread: number;
}

/** Rows as the library asks for them: several passes, from the calling thread. What is thrown here comes through. */
export interface RowIterator {
  readonly columns: number;
  reset(): void;
  next(): Batch | undefined;
}

/** A batch and how many of its columns count. */
export interface Block {
  readonly batch: Batch;
  readonly columns: number;
}

export interface MatrixCalls {
  /** Bins rows, with the cuts of the `reference` matrix if there is one. */
  create(rows: RowIterator, config: MatrixConfig, reference?: Handle): Handle;
  rows(matrix: Handle): number;
  labels(matrix: Handle): Float32Array;
  free(matrix: Handle): void;
}

export interface BoosterCalls {
  create(matrices: readonly Handle[]): Handle;
  setParameter(booster: Handle, name: string, value: string): void;
  setAttribute(booster: Handle, name: string, value: string): void;
  setFeatureNames(booster: Handle, names: readonly string[]): void;
  update(booster: Handle, round: number, matrix: Handle): void;
  predict(booster: Handle, matrix: Handle): Float32Array;
  predictDense(booster: Handle, block: Block): Float32Array;
  save(booster: Handle, format: "ubj" | "json"): Uint8Array<ArrayBuffer>;
  load(booster: Handle, model: Uint8Array): void;
  config(booster: Handle): string;
  scores(booster: Handle, importance: string): ReadonlyMap<string, number>;
  free(booster: Handle): void;
}

/**
 * libxgboost as one thread sees it. Each worker thread opens its own, and a booster stays with its thread: the
 * library keeps its last error, configuration and random state per thread. Every call throws RunFailure("Bug").
 */
export interface Native {
  /** E.g. "3.4.1". */
  readonly version: string;
  readonly matrix: MatrixCalls;
  readonly booster: BoosterCalls;
}
