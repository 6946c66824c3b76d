import { readConfig } from "../../../trainer/config.ts";
import type { Surroundings } from "../../../trainer/models/answer.ts";
import { december } from "./scene.ts";

/** A silent terminal at the end of December 2025, on a volume. */
export const around = (modelsDir: string, differs: Partial<Surroundings> = {}): Surroundings => ({
  modelsDir,
  config: readConfig({}, false),
  threads: 1,
  say: () => undefined,
  clock: () => december(31),
  signal: new AbortController().signal,
  who: "ann@desk",
  ...differs,
});
