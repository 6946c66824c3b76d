import { failureReasons, type FailureReason } from "../contract/reasons.ts";
import type { ExitCode } from "../contract/exit-codes.ts";

/**
 * The run cannot be carried out. `reason` decides the exit code and by it whether a retry can help; the message
 * is one sentence for people: the action, the value found, what was expected, what to do. No secret is ever in it.
 */
export class RunFailure extends Error {
  override readonly name = "RunFailure";
  readonly reason: FailureReason;

  constructor(reason: FailureReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }

  get exitCode(): ExitCode {
    return failureReasons[this.reason];
  }
}

/** The errno name of a system error such as `ENOSPC`, undefined for anything else. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
