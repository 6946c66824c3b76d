import koffi, { type LibraryHandle } from "koffi";

import { RunFailure } from "../errors.ts";
import type { Block, BoosterCalls, Handle, MatrixCalls, Native } from "./api.ts";
import type { Batch } from "./batch.ts";
import { callbacks } from "./callbacks.ts";
import { libraryMessage } from "./library-errors.ts";

/** The C functions in use, as the library's c_api.h declares them; every handle is a `void *`. */
const prototypes = {
  XGBoostVersion: "void f(_Out_ int *, _Out_ int *, _Out_ int *)",
  XGBGetLastError: "str f()",
  XGProxyDMatrixCreate: "int f(_Out_ void **)",
  XGProxyDMatrixSetDataDense: "int f(void *, str)",
  XGQuantileDMatrixCreateFromCallback: undefined, // It takes callbacks: see declare().
  XGDMatrixSetInfoFromInterface: "int f(void *, str, str)",
  XGDMatrixGetFloatInfo: "int f(void *, str, _Out_ uint64_t *, _Out_ void **)",
  XGDMatrixNumRow: "int f(void *, _Out_ uint64_t *)",
  XGDMatrixFree: "int f(void *)",
  XGBoosterCreate: "int f(void *, uint64_t, _Out_ void **)",
  XGBoosterFree: "int f(void *)",
  XGBoosterSetParam: "int f(void *, str, str)",
  XGBoosterUpdateOneIter: "int f(void *, int, void *)",
  XGBoosterPredictFromDMatrix: "int f(void *, void *, str, _Out_ void **, _Out_ uint64_t *, _Out_ void **)",
  XGBoosterPredictFromDense:
    "int f(void *, str, str, void *, _Out_ void **, _Out_ uint64_t *, _Out_ void **)",
  XGBoosterSaveModelToBuffer: "int f(void *, str, _Out_ uint64_t *, _Out_ void **)",
  XGBoosterLoadModelFromBuffer: "int f(void *, void *, uint64_t)",
  XGBoosterSaveJsonConfig: "int f(void *, _Out_ uint64_t *, _Out_ str *)",
  XGBoosterSetStrFeatureInfo: "int f(void *, str, str *, uint64_t)",
  XGBoosterSetAttr: "int f(void *, str, str)",
  XGBoosterFeatureScore:
    "int f(void *, str, _Out_ uint64_t *, _Out_ void **, _Out_ uint64_t *, _Out_ void **, _Out_ void **)",
} as const;
type Name = keyof typeof prototypes;
const names = Object.keys(prototypes) as Name[];

/** Calls a function of the library; `action` says in an error what for, e.g. "train round 12". */
type Call = (action: string, name: Name, ...values: unknown[]) => void;
type NativeFunction = (...values: unknown[]) => unknown;

/** The functions that the library at `path` should have and has not. Throws koffi's error if it cannot be loaded. */
export function missingSymbols(path: string): readonly string[] {
  raiseStack();
  const library = koffi.load(path);
  return names.filter((name) => !has(library, name));
}

function has(library: LibraryHandle, name: string): boolean {
  try {
    return Boolean(library.symbol(name));
  } catch {
    return false; // koffi has no other way to ask.
  }
}

/** Loads libxgboost into the calling thread. Throws koffi's error if the file or a function of it is missing. */
export function openNative(path: string): Native {
  raiseStack();
  const library = koffi.load(path);
  const functions = new Map(names.map((name) => [name, declare(library, name)]));
  const call: Call = (action, name, ...values) => {
    if (functions.get(name)?.(...values) === 0) return;
    const said = libraryMessage(String(functions.get("XGBGetLastError")?.()));
    throw new RunFailure("Bug", `Cannot ${action}: libxgboost says "${said}"`);
  };
  const version = [[0], [0], [0]];
  functions.get("XGBoostVersion")?.(...version);
  return { version: version.flat().join("."), matrix: matrixCalls(call), booster: boosterCalls(call) };
}

const stackBytes = 8 * 1024 * 1024;

/** libxgboost needs more stack than koffi gives by default; koffi refuses a change once it has loaded a library. */
function raiseStack(): void {
  if (koffi.config().sync_stack_size !== stackBytes) koffi.config({ sync_stack_size: stackBytes });
}

function declare(library: LibraryHandle, name: Name): NativeFunction {
  const prototype = prototypes[name];
  if (prototype !== undefined) return library.func(prototype.replace("f(", `${name}(`));
  const reset = koffi.pointer(koffi.proto("void", ["void *"]));
  const next = koffi.pointer(koffi.proto("int", ["void *"]));
  const out = koffi.out(koffi.pointer("void *"));
  return library.func(name, "int", ["void *", "void *", "void *", reset, next, "str", out]);
}

/** An out-parameter of a pointer type. */
type Out = [Handle | null];

function matrixCalls(call: Call): MatrixCalls {
  const free = (matrix: Handle): void => {
    call("free a matrix", "XGDMatrixFree", matrix);
  };
  return {
    create(rows, config, reference) {
      const proxy: Out = [null];
      const matrix: Out = [null];
      call("create a proxy matrix", "XGProxyDMatrixCreate", proxy);
      const back = callbacks(rows, (batch) => {
        offer(call, filled(proxy), { batch, columns: rows.columns });
      });
      const json = `{"missing":NaN,"nthread":${String(config.nthread)},"max_bin":${String(config.maxBin)}}`;
      const given = [null, proxy[0], reference ?? null, back.reset, back.next, json, matrix];
      try {
        back.run(() => {
          call("bin the rows", "XGQuantileDMatrixCreateFromCallback", ...given);
        });
        return filled(matrix);
      } catch (error) {
        if (matrix[0] !== null) free(matrix[0]);
        throw error;
      } finally {
        free(filled(proxy));
      }
    },
    rows(matrix) {
      const rows: [number] = [0];
      call("count the rows of a matrix", "XGDMatrixNumRow", matrix, rows);
      return rows[0];
    },
    labels(matrix) {
      const [length, data]: [[number], Out] = [[0], [null]];
      call("read the labels of a matrix", "XGDMatrixGetFloatInfo", matrix, "label", length, data);
      return floats(data, length[0]);
    },
    free,
  };
}

function boosterCalls(call: Call): BoosterCalls {
  return { ...trainingCalls(call), ...modelCalls(call) };
}

type TrainingCalls = Pick<
  BoosterCalls,
  "create" | "setParameter" | "update" | "predict" | "predictDense" | "free"
>;

function trainingCalls(call: Call): TrainingCalls {
  return {
    create(matrices) {
      const booster: Out = [null];
      const handles = BigUint64Array.from(matrices);
      call("create a booster", "XGBoosterCreate", handles, matrices.length, booster);
      return filled(booster);
    },
    setParameter(booster, name, value) {
      call(`set ${name} to ${value}`, "XGBoosterSetParam", booster, name, value);
    },
    update(booster, round, matrix) {
      call(`train round ${String(round + 1)}`, "XGBoosterUpdateOneIter", booster, round, matrix);
    },
    predict(booster, matrix) {
      const { shape, length, data } = predicted();
      const json = `{"type":0,"training":false,${allRounds}}`;
      const out = [shape, length, data];
      call("predict a matrix", "XGBoosterPredictFromDMatrix", booster, matrix, json, ...out);
      return floats(data, elements(shape, length[0]));
    },
    predictDense(booster, { batch, columns }) {
      const { shape, length, data } = predicted();
      const json = `{"type":0,"missing":NaN,"cache_id":0,${allRounds}}`;
      const given = [block(batch, columns), json, null, shape, length, data];
      call("predict rows", "XGBoosterPredictFromDense", booster, ...given);
      return floats(data, elements(shape, length[0]));
    },
    free(booster) {
      call("free a booster", "XGBoosterFree", booster);
    },
  };
}

function modelCalls(call: Call): Omit<BoosterCalls, keyof TrainingCalls> {
  return {
    setAttribute(booster, name, value) {
      call(`set the attribute ${name}`, "XGBoosterSetAttr", booster, name, value);
    },
    setFeatureNames(booster, featureNames) {
      const given = ["feature_name", featureNames, featureNames.length];
      call("name the features", "XGBoosterSetStrFeatureInfo", booster, ...given);
    },
    save(booster, format) {
      const [length, data]: [[number], Out] = [[0], [null]];
      call("save a model", "XGBoosterSaveModelToBuffer", booster, `{"format":"${format}"}`, length, data);
      return new Uint8Array(koffi.view(filled(data), length[0])).slice();
    },
    load(booster, model) {
      call("load a model", "XGBoosterLoadModelFromBuffer", booster, model, model.byteLength);
    },
    config(booster) {
      const [length, text]: [[number], [string]] = [[0], [""]];
      call("read a booster's configuration", "XGBoosterSaveJsonConfig", booster, length, text);
      return text[0];
    },
    scores(booster, importance) {
      const [count, features, scores]: [[number], Out, Out] = [[0], [null], [null]];
      const { shape, length } = predicted();
      const json = `{"importance_type":"${importance}"}`;
      const out = [count, features, length, shape, scores];
      call(`read the ${importance} of the features`, "XGBoosterFeatureScore", booster, json, ...out);
      // An array type of length n per call would stay for ever; decode() takes the length apart from the type.
      const used = count[0] === 0 ? [] : (koffi.decode(filled(features), "str", count[0]) as string[]);
      const values = floats(scores, count[0]);
      return new Map(used.map((feature, at) => [feature, values[at] ?? NaN]));
    },
  };
}

const allRounds = `"iteration_begin":0,"iteration_end":0,"strict_shape":false`;

function predicted(): { shape: Out; length: [number]; data: Out } {
  return { shape: [null], length: [0], data: [null] };
}

function filled(out: Readonly<Out>): Handle {
  if (out[0] === null) throw new RunFailure("Bug", "Cannot use what libxgboost gave: it is a null pointer");
  return out[0];
}

/** A copy: the library reuses its buffer at the next call. */
function floats(out: Readonly<Out>, length: number): Float32Array<ArrayBuffer> {
  if (length === 0) return new Float32Array();
  return new Float32Array(koffi.view(filled(out), length * 4)).slice();
}

function elements(shape: Readonly<Out>, dimensions: number): number {
  const sizes = new BigUint64Array(koffi.view(filled(shape), dimensions * 8));
  return Number(sizes.reduce((product, size) => product * size, 1n));
}

/** Shows the library a batch: it reads the values in place and copies the labels. */
function offer(call: Call, proxy: Handle, { batch, columns }: Block): void {
  call("hand over a batch", "XGProxyDMatrixSetDataDense", proxy, block(batch, columns));
  const labels = arrayInterface(batch.labels, [batch.rows], [4]);
  call("hand over labels", "XGDMatrixSetInfoFromInterface", proxy, "label", labels);
}

function block({ values, rows, stride }: Batch, columns: number): string {
  return arrayInterface(values, [rows, columns], [4, 4 * stride]);
}

/** Numpy's array interface, version 3: shape in elements, strides in bytes. */
function arrayInterface(data: Float32Array, shape: readonly number[], strides: readonly number[]): string {
  const address = Number(koffi.address(data)); // User-space addresses have 47 bits.
  return JSON.stringify({ data: [address, true], shape, strides, typestr: "<f4", version: 3 });
}
