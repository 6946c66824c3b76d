import path from "node:path";

import { ensureLibrary } from "../setup.ts";
import { contentOf, type ImageKind } from "./content.ts";
import { copyInto } from "./files.ts";

/** `node hack/images/collect.ts trainer|operator DIRECTORY`: what the Dockerfiles copy into their last stage. */
const [kind, directory] = process.argv.slice(2);
if (!isKind(kind) || directory === undefined)
  throw new Error("Expected: trainer or operator, and a directory");
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const xgboost = kind === "trainer" ? (await ensureLibrary(say)).path : undefined;
const { sources, packages, library } = await contentOf(
  kind,
  path.join(import.meta.dirname, "..", ".."),
  xgboost,
);
for (const files of [library, packages, sources]) await copyInto(directory, files);

function isKind(word: string | undefined): word is ImageKind {
  return word === "trainer" || word === "operator";
}
