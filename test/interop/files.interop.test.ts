import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";

import { ensureInterop, type InteropPython } from "../../hack/interop.ts";
import { legacyFiles, type LegacyFiles } from "../../trainer/legacy/legacy-files.ts";
import { pickle } from "../../trainer/legacy/pickle.ts";
import { pickleVectors } from "../trainer/legacy/pickle-vectors.ts";
import { preprocessorOf, tinyModel } from "../trainer/legacy/published.ts";
import { runPython } from "./run-python.ts";

/** Until a cold Python has loaded scikit-learn. */
const patience = 120_000;

let pythons: readonly InteropPython[];
let directory: string;
beforeAll(async () => {
  pythons = await ensureInterop(() => undefined);
  directory = await mkdtemp(path.join(tmpdir(), "interop-"));
}, 900_000);
afterAll(async () => {
  await rm(directory, { recursive: true });
});

const parameters = { maxDepth: 3, learningRate: 0.1, rounds: 1, seed: 0, maxBin: 256 };
const filesFor = (ids: readonly string[]): LegacyFiles =>
  legacyFiles({ model: tinyModel("[1.5E3]"), parameters, preprocessor: preprocessorOf(ids) });

async function writtenFile(name: string, content: Uint8Array): Promise<string> {
  const file = path.join(directory, name);
  await writeFile(file, content);
  return file;
}

async function inPython(script: string, ...values: readonly string[]): Promise<unknown> {
  const [python] = pythons;
  if (python === undefined) throw new Error("There is no Python");
  return runPython(python, script, ...values);
}

test(
  "Python reads every kind of value as what it was",
  async () => {
    const pickles = pickleVectors.map(({ value }) => Buffer.from(pickle(value)).toString("hex"));
    expect(await inPython("unpickle.py", ...pickles)).toEqual(pickleVectors.map(({ python }) => python));
  },
  patience,
);

test(
  "Python's own tool finds well-formed pickles that import nothing but these",
  async () => {
    const files = filesFor(["a", "b"]);
    const paths = [
      await writtenFile("model.pkl", files["compat/xgboost_v1.pkl"]),
      await writtenFile("preprocessor.pkl", files["compat/preprocessor_v1.pkl"]),
    ];
    const opcodes = expect.not.arrayContaining(["INST", "OBJ", "EXT1", "PERSID", "BINPERSID"]);
    expect(await inPython("opcodes.py", ...paths)).toEqual([
      {
        globals: ["builtins.bytearray", "functools.partial", "xgboost.XGBRegressor", "xgboost.core.Booster"],
        opcodes,
      },
      {
        globals: [
          "functools.partial",
          "modeling.preprocessor.DataPreprocessor",
          "operator.methodcaller",
          "pandas.DataFrame",
          "sklearn.preprocessing.LabelEncoder",
          "sklearn.preprocessing.StandardScaler",
        ],
        opcodes,
      },
    ]);
  },
  patience,
);

test(
  "Python numbers stations as we do, whatever characters their ids are made of",
  async () => {
    const anyId = fc.string({ unit: "binary", maxLength: 12 }).filter((id) => !id.endsWith("\0"));
    const inPlanes = ["z", "é", "\u{ff5e}", "\u{ffff}", "\u{10000}", "\u{1f6b2}", "\u{10ffff}", "a\0b", ""];
    const drawn = fc.sample(anyId, { numRuns: 500, seed: 3 });
    const ids = [...new Set([...inPlanes, ...drawn])].sort((a, b) =>
      Buffer.compare(Buffer.from(a), Buffer.from(b)),
    );
    const file = await writtenFile("stations.pkl", filesFor(ids)["compat/preprocessor_v1.pkl"]);
    expect(await inPython("stations.py", file)).toEqual(ids.map((id, index) => [id, index]));
  },
  patience,
);
