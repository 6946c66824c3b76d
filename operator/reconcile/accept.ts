import { resolveSections, trainerInput, type Resolved as Sections } from "../../contract/configuration.ts";
import { given } from "../../contract/given.ts";
import type { RetrainRunSpec } from "../../contract/retrain-run.ts";
import { RunReason } from "../../contract/run-reasons.ts";
import type { TrainerInput } from "../../contract/trainer-input.ts";
import { notAllowed } from "./accept/allowed.ts";
import { unfit } from "./accept/fitness.ts";
import { listed } from "./accept/listed.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { Resolved } from "./resolved.ts";
import type { Refusal, RunSeen } from "./seen.ts";
import type { Settings } from "./settings.ts";

/** Etcd keeps objects of 1.5 MiB, Linux variables of 128 KiB; and every status write carries it. */
const largestBytes = 32 * 1024;

/**
 * Completes a run's spec by the configuration, to be frozen in its status: from then on no change of the configuration changes
 * the run. Refuses an invalid spec, an unknown model, what the configuration does not allow, and what is too large.
 */
export function accept(run: RunSeen, settings: Settings): Acceptance {
  const { spec } = run;
  if ("reason" in spec) return { refusal: { reason: spec.reason, message: spec.message } };
  const { configuration } = settings;
  const sections = resolveSections(spec, configuration);
  const model = spec.model ?? configuration.model;
  const refusal =
    unknownModel(model, settings) ?? notAllowed(sections, model, configuration) ?? unfit(sections);
  if (refusal !== undefined) return { refusal };
  const resolved = freeze(sections, spec, trainerInput(spec, configuration, run.uid), settings);
  const tooLarge = inputTooLarge(resolved, sections);
  return tooLarge === undefined ? { resolved } : { refusal: tooLarge };
}

export type Acceptance = { readonly resolved: Resolved } | { readonly refusal: Refusal };

/** A name that nobody configured would start a new line of versions by a typing error. */
function unknownModel(model: string, { configuration }: Settings): Refusal | undefined {
  const configured = Object.keys(configuration.models);
  const known = configured.length === 0 ? [configuration.model] : configured;
  if (known.includes(model)) return undefined;
  return {
    reason: RunReason.UnknownModel,
    message:
      `Cannot accept spec.model ${JSON.stringify(model)}: the operator's configuration has ${listed(known)}; ` +
      "use one of them, or have it added to models",
  };
}

function freeze(
  { source, storage, job, checks, ttlSecondsAfterFinished }: Sections,
  { period, restore }: RetrainRunSpec,
  input: TrainerInput,
  { sha256 }: Settings,
): Resolved {
  const { image, ...rest } = job;
  const { claimName, subPath } = storage;
  return {
    model: input.model,
    ...given({ period }),
    image,
    ...given({ secretRef: restore === undefined ? source.secretRef : undefined }),
    storage: { claimName, subPath },
    job: rest,
    ...given({ recheck: isRechecked(input, checks) ? checks.recheck : undefined, ttlSecondsAfterFinished }),
    input,
    inputHash: sha256(canonicalJson(input)),
  };
}

/** Late weather must not cost a month; who started a run by hand can start another. */
const isRechecked = ({ trigger, restore }: TrainerInput, { recheck }: Sections["checks"]): boolean =>
  trigger === "Schedule" && recheck.forDays > 0 && restore === undefined;

function inputTooLarge(resolved: Resolved, { source }: Sections): Refusal | undefined {
  const bytes = sizeOf(resolved);
  if (bytes <= largestBytes) return undefined;
  const lists = { "source.blacklist": source.blacklist, "source.exclude": source.exclude };
  const [[name, items] = ["", []]] = Object.entries<readonly unknown[]>(lists).sort(
    ([, one], [, other]) => sizeOf(other) - sizeOf(one),
  );
  return {
    reason: RunReason.InputTooLarge,
    message:
      `Cannot accept the run: completed by the configuration its spec takes ${String(bytes)} bytes as JSON, at most ` +
      `${String(largestBytes)} are kept; ${String(sizeOf(items))} of them are the ${String(items.length)} entries of ${name}: shorten it`,
  };
}

/** Bytes of its JSON. */
const sizeOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;
