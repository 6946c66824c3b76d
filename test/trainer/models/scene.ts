import { execFile } from "node:child_process";
import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { given } from "../../../contract/given.ts";
import type { TrainerReport } from "../../../contract/trainer-report.ts";
import type { Preprocessor } from "../../../contract/published.ts";
import { featureNames } from "../../../trainer/features/names.ts";
import { openModelDirectory } from "../../../trainer/publish/directory.ts";
import { fingerprint } from "../../../trainer/publish/manifest.ts";
import type { PublishedVersion } from "../../../trainer/publish/publish.ts";
import { repair } from "../../../trainer/publish/repair.ts";
import { stage } from "../../../trainer/publish/staging.ts";
import { compileCache } from "../../../trainer/spawn.ts";
import { publishOver, quiet } from "../publish/scene.ts";
import { report } from "../../support/builders.ts";

export interface Publication {
  readonly model?: string;
  readonly runUid?: string;
  readonly now?: Date;
  /** What the run's report says; `null` publishes without one, as older trainers did. */
  readonly report?: Partial<TrainerReport> | null;
  readonly stations?: readonly string[];
  /** The bytes of model.ubj. */
  readonly bytes?: Uint8Array | string;
}

/** A moment of December 2025, one day after the other. */
export const december = (day: number): Date => new Date(Date.UTC(2025, 11, day, 1));

/** Publishes a version as a run does, without training: model.ubj, preprocessor.json and report.json. */
export async function publishVersion(models: string, facts: Publication = {}): Promise<PublishedVersion> {
  const { model = "bikes", runUid = "0f0e0d0c-1", now = december(1) } = facts;
  const directory = await openModelDirectory(models, model);
  const standing = await repair(directory, quiet);
  await using staging = await stage(directory, { runUid, now, say: quiet });
  const bytes = facts.bytes ?? JSON.stringify({ version: staging.version });
  await staging.write("model.ubj", bytes);
  await staging.write("preprocessor.json", preprocessorOf(staging.version, facts, bytes));
  if (facts.report !== null) await staging.write("report.json", reportOf(staging.version, facts));
  return await publishOver(standing, staging, now);
}

/** Publishes as many versions as asked for, one a day from the 1st of December. */
export async function publishDaily(models: string, count: number): Promise<readonly string[]> {
  const versions: string[] = [];
  for (let day = 1; day <= count; day += 1) {
    const published = await publishVersion(models, { runUid: `run-${String(day)}`, now: december(day) });
    versions.push(published.version);
  }
  return versions;
}

function reportOf(
  version: string,
  { model = "bikes", runUid = "0f0e0d0c-1", ...facts }: Publication,
): string {
  return JSON.stringify(report({ model, runUid, version, ...facts.report }));
}

function preprocessorOf(version: string, facts: Publication, bytes: Uint8Array | string): string {
  const document: Preprocessor = {
    formatVersion: 1,
    featureContractVersion: 1,
    model: facts.model ?? "bikes",
    version,
    modelSha256: fingerprint(bytes).sha256,
    dataThrough: "2025-11-30",
    timeZone: "Europe/Paris",
    holidayCountry: "FR",
    features: [...featureNames],
    target: "intensity",
    served: "max(0, round half to even(prediction))",
    stations: (facts.stations ?? ["A", "B"]).map((id) => ({
      id,
      name: null,
      latitude: null,
      longitude: null,
    })),
  };
  return JSON.stringify(document);
}

const program = join(import.meta.dirname, "../../../trainer/models/main.ts");

export interface Said {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `npm run models` as a process of its own on a volume; nothing of this environment is inherited but the machine's. */
export function runModels(
  models: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Said> {
  const { PATH, HOME, TMPDIR, XDG_CACHE_HOME, XGBOOST_LIBRARY } = process.env;
  const machine = given({ PATH, HOME, TMPDIR, XDG_CACHE_HOME, XGBOOST_LIBRARY });
  const options = {
    env: { ...machine, NODE_COMPILE_CACHE: compileCache(process.env), MODELS_DIR: models, ...env },
    maxBuffer: 2 ** 26,
  };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [program, ...args], options, (_error, stdout, stderr) => {
      resolve({ exitCode: child.exitCode, stdout, stderr });
    });
  });
}

/** The document of `--json` of a command that must succeed. */
export async function documentOf(
  models: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<unknown> {
  const { exitCode, stdout, stderr } = await runModels(models, [...args, "--json"], env);
  if (exitCode !== 0) throw new Error(`models ${args.join(" ")} ended with ${String(exitCode)}: ${stderr}`);
  return JSON.parse(stdout);
}

/** Name, content and time of change of everything below a directory. */
export async function snapshot(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const lines = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    const { mtimeMs, ctimeMs } = await lstat(path);
    const content = entry.isFile() ? fingerprint(await readFile(path)).sha256 : "";
    return [path, content, mtimeMs, ctimeMs].join(" ");
  });
  return (await Promise.all(lines)).sort();
}
