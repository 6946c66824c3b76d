import { preprocessorJson } from "../../trainer/artifacts/preprocessor.ts";
import { openModelDirectory } from "../../trainer/publish/directory.ts";
import { repair } from "../../trainer/publish/repair.ts";
import { stage } from "../../trainer/publish/staging.ts";
import { input } from "../support/builders.ts";
import { noon, publishOver, quiet } from "../trainer/publish/scene.ts";
import type { City, CityModel } from "./city.ts";

export interface Publishing {
  /** The volume. */
  readonly models: string;
  readonly runUid: string;
  readonly model: CityModel["model"];
  readonly stations: City["stations"];
  /** Of the feature contract; the one that there is, unless told otherwise. */
  readonly contract?: number;
}

/** Publishes a model as a run does. Returns the version's name. */
export async function publishCity({ models, runUid, contract, ...described }: Publishing): Promise<string> {
  const directory = await openModelDirectory(models, "bikes");
  const standing = await repair(directory, quiet);
  await using staging = await stage(directory, { runUid, now: noon, say: quiet, onStep: quiet });
  const { version } = staging;
  const parts = { ...described, version, input: input({ model: "bikes" }), dataThrough: "2026-06-29" };
  await staging.write("model.ubj", described.model);
  await staging.write("preprocessor.json", withContract(preprocessorJson(parts), contract));
  await publishOver(standing, staging);
  return version;
}

const withContract = (json: string, contract: number | undefined): string =>
  contract === undefined
    ? json
    : json.replace('"featureContractVersion": 1', `"featureContractVersion": ${String(contract)}`);
