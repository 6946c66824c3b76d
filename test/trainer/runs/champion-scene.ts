import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@jest/globals";

import type { RetrainRunSpec } from "../../../contract/retrain-run.ts";
import type { TestServer } from "../../support/database.ts";
import { input, run, scene, type Ended, type Scene } from "./scene.ts";

/** A JSON file of the model's directory. */
export const json = (on: Scene, name: string): unknown =>
  JSON.parse(readFileSync(join(on.models, "bikes", name), "utf8"));

export const verdictOf = ({ exitCode, termination: { verdict, reason } }: Ended): unknown[] => [
  exitCode,
  verdict,
  reason,
];

/** Two years of history, and a champion that was trained through the end of May; June is new. */
export async function withChampion(server: TestServer): Promise<Scene> {
  const on = await scene(server, { days: 730 });
  const source = { asOf: "2025-06-01T02:00:00+02:00" };
  const first = await run(on, { input: input({ source }, "0f0e0d0c-1") });
  expect(verdictOf(first)).toEqual([0, "Published", "NewVersion"]);
  return on;
}

export const second = (on: Scene, spec: RetrainRunSpec = {}): Promise<Ended> =>
  run(on, { input: input(spec, "0f0e0d0c-2") });
