import { readFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { hostname, userInfo } from "node:os";

import { parse } from "yaml";

import { Configuration, trainerInput } from "../contract/configuration.ts";
import { RetrainRun, type RetrainRunSpec } from "../contract/retrain-run.ts";
import type { TrainerInput } from "../contract/trainer-input.ts";
import { oneLine } from "./config.ts";
import { RunFailure } from "./errors.ts";

/** A RetrainRun manifest from a YAML or JSON file, as `kubectl apply -f` would take it. */
export function readRunFile(file: string): RetrainRun {
  const parsed = RetrainRun.safeParse(document(file));
  if (parsed.success) return parsed.data;
  throw new RunFailure("BadConfiguration", `Cannot use the manifest ${file}: ${oneLine(parsed.error)}`);
}

function document(file: string): unknown {
  try {
    return parse(readFileSync(file, "utf8"));
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw new RunFailure("BadConfiguration", `Cannot read the manifest ${file}: ${problem ?? ""}`, { cause });
  }
}

/** The input of a run without a cluster: the built-in configuration completes the spec. */
export const localInput = (spec: RetrainRunSpec, uid: string = randomUUID()): TrainerInput =>
  trainerInput(spec, Configuration.parse(spec.model === undefined ? {} : { model: spec.model }), uid);

/** A spec that a person carries out from a terminal: who it was, and why the run is forced if it is. */
export const byHand = (
  spec: RetrainRunSpec,
  { user, force }: { readonly user: string; readonly force: string | undefined },
): RetrainRunSpec => ({
  requestedBy: user,
  ...spec,
  ...(force === undefined ? {} : { force: { reason: force } }),
});

/** `ana@laptop`; a container's user may have no name. */
export function currentUser(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    return `uid ${String(process.getuid?.() ?? "unknown")}@${hostname()}`;
  }
}
