/**
 * The trainer's exit codes, after sysexits.h. 0 is every verdict that is correct behaviour; the operator's
 * podFailurePolicy and its retry rule match on the others.
 */
export const ExitCode = {
  Verdict: 0,
  /** EX_DATAERR: a value that the decoder cannot represent. Permanent. */
  BadData: 65,
  /** EX_SOFTWARE: a bug in the trainer. */
  Bug: 70,
  /** EX_IOERR: disk full or another I/O error on the volume. */
  Disk: 74,
  /** EX_TEMPFAIL: database down, network, model locked. */
  Temporary: 75,
  /** EX_NOPERM: authentication, missing permission, read-only volume. Permanent. */
  Permission: 77,
  /** EX_CONFIG: bad configuration. Permanent. */
  BadConfiguration: 78,
  /** 128 + SIGTERM, after cleaning the staging directory. */
  Terminated: 143,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
