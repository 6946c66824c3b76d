import { librarySearch } from "./setup.ts";
import { findLibrary } from "../trainer/xgboost/library.ts";
import { runProcess } from "../trainer/process.ts";
import { TrainingPool } from "../trainer/xgboost/pool.ts";

/**
 * Loads what a training process loads, under NODE_COMPILE_CACHE: with the stripped sources in the cache, neither the
 * trainer nor its workers need Node's type stripper, which takes 30 MB in each of them (docs/adr).
 */
const { path: libraryPath } = findLibrary(librarySearch(process.env));
const sourceModule = new URL("../trainer/features/source.ts", import.meta.url).href;
await using pool = await TrainingPool.start({ libraryPath, workers: 1, sourceModule, data: {}, maxBin: 256 });
process.stderr.write(
  `${runProcess.name} and workers of libxgboost ${pool.libraryVersion} are in the compile cache\n`,
);
