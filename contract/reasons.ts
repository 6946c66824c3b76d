import { ExitCode } from "./exit-codes.ts";

/** Why a run failed: CamelCase words as Kubernetes conditions use them, each with the exit code that it means. */
export const failureReasons = {
  BadConfiguration: ExitCode.BadConfiguration,
  LibraryMissing: ExitCode.BadConfiguration,
  UnreadableValue: ExitCode.BadData,
  DatabaseUnavailable: ExitCode.Temporary,
  /** The server answered, but not over the TLS that was asked for. */
  TlsFailed: ExitCode.BadConfiguration,
  AuthenticationFailed: ExitCode.Permission,
  PermissionDenied: ExitCode.Permission,
  VolumeReadOnly: ExitCode.Permission,
  DiskFull: ExitCode.Disk,
  VolumeError: ExitCode.Disk,
  /** Another writer changed the model's directory at the same time. */
  ModelLocked: ExitCode.Temporary,
  Terminated: ExitCode.Terminated,
  Bug: ExitCode.Bug,
} as const satisfies Record<string, ExitCode>;
export type FailureReason = keyof typeof failureReasons;

/** Why a run ended with a verdict other than Failed and Aborted; an aborted run carries its first failed check's reason. */
export const Reason = {
  NewVersion: "NewVersion",
  DryRunRequested: "DryRunRequested",
} as const;
