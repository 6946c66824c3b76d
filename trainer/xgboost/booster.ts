import { z } from "zod";

import type { Handle, Native } from "./api.ts";
import type { Batch } from "./batch.ts";
import { checkBatch } from "./matrix.ts";

/** What a booster is trained with; everything else is the library's default. */
export interface BoosterParameters {
  readonly maxDepth: number;
  readonly learningRate: number;
  /** The same as the matrices were binned with. */
  readonly maxBin: number;
  readonly seed: number;
  readonly nthread: number;
}

/** A model in training or loaded. It stays with the thread that made it. Everything throws RunFailure("Bug"). */
export class Booster implements Disposable {
  readonly #native: Native;
  readonly #handle: Handle;

  private constructor(native: Native, matrices: readonly Handle[]) {
    this.#native = native;
    this.#handle = native.booster.create(matrices);
  }

  /**
   * A booster of no rounds. `matrices`: the one to train on and those to score; for these the library keeps the
   * sum of the trees so far, so that scoring after every hundred rounds costs no more than scoring once.
   */
  static forTraining(native: Native, matrices: readonly Handle[], parameters: BoosterParameters): Booster {
    const booster = new Booster(native, matrices);
    try {
      for (const [name, value] of libraryParameters(parameters)) booster.#set(name, value);
      return booster;
    } catch (error) {
      booster[Symbol.dispose]();
      throw error;
    }
  }

  /** The model that `saveUbj` or `saveJson` wrote. */
  static load(native: Native, model: Uint8Array, nthread: number): Booster {
    const booster = new Booster(native, []);
    try {
      native.booster.load(booster.#handle, model);
      booster.#set("nthread", String(nthread));
      return booster;
    } catch (error) {
      booster[Symbol.dispose]();
      throw error;
    }
  }

  /** Adds one round; `round` counts from 0 and seeds the round's random numbers. */
  update(round: number, matrix: Handle): void {
    this.#native.booster.update(this.#handle, round, matrix);
  }

  /** Raw predictions of all rounds so far, one a row. */
  predict(matrix: Handle): Float32Array {
    return this.#native.booster.predict(this.#handle, matrix);
  }

  /** Raw predictions for rows that were not binned, one a row; labels are not looked at. */
  predictDense(batch: Batch, columns: number): Float32Array {
    checkBatch(batch, columns);
    return this.#native.booster.predictDense(this.#handle, { batch, columns });
  }

  /** Version 3.4.1 does not take the names from the matrix, and an unnamed model cannot be checked by its reader. */
  setFeatureNames(names: readonly string[]): void {
    this.#native.booster.setFeatureNames(this.#handle, names);
  }

  /** Writes a string into the model, beside the trees. */
  setAttribute(name: string, value: string): void {
    this.#native.booster.setAttribute(this.#handle, name, value);
  }

  saveUbj(): Uint8Array<ArrayBuffer> {
    return this.#native.booster.save(this.#handle, "ubj");
  }

  saveJson(): string {
    return new TextDecoder().decode(this.#native.booster.save(this.#handle, "json"));
  }

  /** The library's own JSON of every parameter in effect. */
  config(): string {
    return this.#native.booster.config(this.#handle);
  }

  /** The prediction of no trees: the mean of the labels it was trained on, unless set. */
  baseScore(): number {
    return baseScoreIn(JSON.parse(this.config()));
  }

  /** Average loss reduction of a feature's splits, by name (f0, f1, … without names); absent if never split on. */
  gain(): ReadonlyMap<string, number> {
    return this.#native.booster.scores(this.#handle, "gain");
  }

  [Symbol.dispose](): void {
    this.#native.booster.free(this.#handle);
  }

  #set(name: string, value: string): void {
    this.#native.booster.setParameter(this.#handle, name, value);
  }
}

function libraryParameters(parameters: BoosterParameters): ReadonlyMap<string, string> {
  return new Map([
    ["objective", "reg:squarederror"],
    ["tree_method", "hist"],
    ["max_depth", String(parameters.maxDepth)],
    ["learning_rate", String(parameters.learningRate)],
    ["max_bin", String(parameters.maxBin)],
    ["seed", String(parameters.seed)],
    ["nthread", String(parameters.nthread)],
    ["verbosity", "0"],
  ]);
}

const Config = z.object({
  learner: z.object({ learner_model_param: z.object({ base_score: z.string() }) }),
});

/** Since version 3.1 the number is in brackets. */
function baseScoreIn(config: unknown): number {
  return Number(Config.parse(config).learner.learner_model_param.base_score.replace(/^\[(.*)\]$/u, "$1"));
}
