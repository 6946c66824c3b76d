import { accept } from "../accept.ts";
import { isFixed, ownResolved } from "../frozen.ts";
import type { Resolved } from "../resolved.ts";
import type { Refusal, RunSeen } from "../seen.ts";
import type { Settings } from "../settings.ts";
import type { OpenAttempt } from "./open-attempt.ts";

export type Acceptance = Accepted | { readonly refusal: Refusal };
export interface Accepted {
  readonly resolved: Resolved;
  /** It does not stand in the status yet. */
  readonly isNew: boolean;
}

/**
 * What a run is made of. It stays as it was accepted; it is made anew only when somebody edited the spec of a run that has not started,
 * never because the configuration is another one. A refused run has nothing frozen, and is looked at again in each pass.
 */
export function acceptance(run: RunSeen, settings: Settings, attempt: OpenAttempt | undefined): Acceptance {
  const resolved = ownResolved(run);
  if (resolved !== undefined && (attempt !== undefined || isFixed(run))) return { resolved, isNew: false };
  const anew = accept(run, settings);
  return "refusal" in anew ? anew : { resolved: anew.resolved, isNew: true };
}
