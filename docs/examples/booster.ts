import koffi from "koffi";

koffi.config({ sync_stack_size: 8 * 1024 * 1024 }); // libxgboost needs more stack than koffi gives by default.
const library = koffi.load(process.env["XGBOOST_LIBRARY"] ?? "libxgboost.so");
const lastError = library.func("str XGBGetLastError()");
const create = library.func("int XGBoosterCreate(void *, uint64_t, _Out_ void **)");
const load = library.func("int XGBoosterLoadModelFromBuffer(void *, void *, uint64_t)");
const free = library.func("int XGBoosterFree(void *)");
const predict = library.func(
  "int XGBoosterPredictFromDense(void *, str, str, void *, _Out_ void **, _Out_ uint64_t *, _Out_ void **)",
);

type Out = [unknown];
const cleanup = new FinalizationRegistry((booster: unknown) => void free(booster));
const everyRound =
  '{"type":0,"missing":NaN,"cache_id":0,"iteration_begin":0,"iteration_end":0,"strict_shape":false}';

/**
 * A function that predicts one row of features with a model.ubj. Calls must stay on the thread that loaded the model:
 * the library keeps its last error and more per thread.
 */
export function loadModel(model: Uint8Array): (row: Float32Array) => number {
  const out: Out = [null];
  must(create(null, 0, out));
  const [booster] = out;
  must(load(booster, model, model.byteLength));
  const predictRow = (row: Float32Array): number => {
    const [shape, dimensions, data]: [Out, [number], Out] = [[null], [0], [null]];
    const address = Number(koffi.address(row)); // Numpy's array interface: the values are read in place.
    const values = { data: [address, true], shape: [1, row.length], typestr: "<f4", version: 3 };
    must(predict(booster, JSON.stringify(values), everyRound, null, shape, dimensions, data));
    return new Float32Array(koffi.view(data[0], 4))[0] ?? Number.NaN;
  };
  cleanup.register(predictRow, booster); // Freed when no request uses this version any more.
  return predictRow;
}

function must(code: unknown): void {
  if (code !== 0) throw new Error(`libxgboost says: ${String(lastError()).split("\n")[0] ?? ""}`);
}
