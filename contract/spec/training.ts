import { z } from "zod";

const distinct = (values: readonly number[]): boolean => new Set(values).size === values.length;
const list = (item: z.ZodType<number>) =>
  z.array(item).min(1).max(10).refine(distinct, "expected each value once");

export const Grid = z.strictObject({
  maxDepth: list(z.int().min(1).max(16)).describe("Depths of a tree to try"),
  learningRate: list(z.number().gt(0).max(1)).describe("Learning rates to try"),
  rounds: list(z.int().min(1).max(20000)).describe(
    "Numbers of boosting rounds to try; prefixes of one booster",
  ),
});
export type Grid = z.infer<typeof Grid>;

export const Training = z.strictObject({
  grid: Grid,
  folds: z.int().min(2).max(20).describe("Time-ordered folds, as scikit-learn's TimeSeriesSplit"),
  fallback: z
    .strictObject({
      maxDepth: z.int().min(1).max(16).describe("Depth of a tree"),
      learningRate: z.number().gt(0).max(1).describe("Learning rate"),
      rounds: z.int().min(1).max(20000).describe("Boosting rounds"),
    })
    .describe("Parameters of the evaluation when no fold ends before its window"),
  seed: z.int().min(0).max(2147483647).describe("Seed of the library's random numbers"),
  threads: z.int().min(1).max(256).optional().describe("Default: the container's CPU limit"),
  maxBin: z.int().min(2).max(65535).describe("Histogram bins of a feature"),
});
export type Training = z.infer<typeof Training>;
