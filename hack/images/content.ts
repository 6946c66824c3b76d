import path from "node:path";

import { together, tree, type Files } from "./files.ts";
import { packagesFor } from "./packages.ts";
import { library } from "./programs.ts";

/** What an image holds beside Node and the system. */
export interface Content {
  /** Of the rooms that it runs. */
  readonly sources: Files;
  /** That they import, and what those need. */
  readonly packages: Files;
  /** libxgboost and what it needs; nothing for an image that does not train. */
  readonly library: Files;
}

export type ImageKind = "trainer" | "operator";
const rooms: Readonly<Record<ImageKind, readonly string[]>> = {
  trainer: ["contract", "trainer"],
  operator: ["contract", "operator"],
};
/** Where an image has libxgboost. */
export const libraryDirectory = "/opt/xgboost";

/** The files of an image, from the packages that are installed in the project. `xgboost` is a libxgboost of this machine. */
export async function contentOf(kind: ImageKind, project: string, xgboost?: string): Promise<Content> {
  const sources = await sourcesIn(project, rooms[kind]);
  return {
    sources,
    packages: await packagesFor(project, sources),
    library: xgboost === undefined ? new Map() : await library(libraryDirectory, xgboost),
  };
}

/** Of trainer/demo, what writes the history that the chart can be tried out with; the rest runs on people's machines only. */
const isLocal = (relative: string): boolean =>
  /^demo\/(?!generator\/|(?:sql|sql-main|options|tables)\.ts$)/u.test(relative);

async function sourcesIn(project: string, names: readonly string[]): Promise<Files> {
  const parts = names.map((room) =>
    tree(path.join(project, room), path.join("/app", room), (file) => !isLocal(file)),
  );
  const manifest = new Map([["/app/package.json", { file: path.join(project, "package.json") }]]);
  return together(...(await Promise.all(parts)), manifest);
}
