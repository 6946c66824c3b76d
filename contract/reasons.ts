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
  /** The version to restore does not exist or is damaged. */
  VersionUnusable: ExitCode.BadConfiguration,
  Terminated: ExitCode.Terminated,
  Bug: ExitCode.Bug,
} as const satisfies Record<string, ExitCode>;
export type FailureReason = keyof typeof failureReasons;

/** Why a run ended with a verdict other than Failed and Aborted; an aborted run carries its first failed check's reason. */
export const Reason = {
  /** Published: no rule of the gate refused it. Which were asked stands in the report; with gate.mode Off none is. */
  NewVersion: "NewVersion",
  /** Published: the window was too small, so champion's and candidate's recipes were compared on earlier windows. */
  DecidedByBacktest: "DecidedByBacktest",
  /** Published although a rule failed, because gate.mode is Warn. */
  GateWarned: "GateWarned",
  /** Published because spec.force asked for it. */
  Forced: "Forced",
  /** DryRun: what would have happened stands in the message. */
  DryRunRequested: "DryRunRequested",
  /** Restored: an older version is current again. */
  RestoredVersion: "RestoredVersion",
  /** Skipped: data and recipe are those of the current version. */
  NoNewData: "NoNewData",
  /** Skipped: a restore holds the current version until it is released. */
  Held: "Held",
  /** Rejected: data and recipe are those of a version that was rolled back. */
  KnownBad: "KnownBad",
  /** Rejected: the current version cannot be read or trusted, so nothing can be compared with it. */
  ChampionUnusable: "ChampionUnusable",
} as const;
export type Reason = (typeof Reason)[keyof typeof Reason];
