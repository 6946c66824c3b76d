import type { ApplyParts } from "./apply-parts.ts";
import type { Key } from "./keys.ts";
import { refusalOf } from "./refused-jobs.ts";

export interface Writes {
  readonly key: Key;
  /** What was written, as a word under which its trouble is remembered. */
  readonly what: string;
  readonly failures: readonly unknown[];
  readonly hasWritten: boolean;
}

/** Whether a later try will meet it too, until somebody changes something. */
export const isRefusal = (error: unknown): boolean => refusalOf(error) !== undefined;

/** Tells what was refused, and whether it is another trouble than before. */
export function noteRefusals(
  { key, what, failures, hasWritten }: Writes,
  { troubles, onRefused }: Pick<ApplyParts, "troubles" | "onRefused">,
): void {
  const refusals = failures.filter(isRefusal);
  for (const refusal of refusals) onRefused(refusal, troubles.isNew(key, what, refusal));
  if (hasWritten && refusals.length === 0) troubles.settle(key, what);
}
