/** How a run ended. The words are API: printer columns, metrics and alerts match on them. */
export const Verdict = {
  /** A new version is current. */
  Published: "Published",
  /** The candidate was judged and refused; the champion stays. */
  Rejected: "Rejected",
  /** The data were refused before any training; the champion stays. */
  Aborted: "Aborted",
  /** There was nothing to do. */
  Skipped: "Skipped",
  /** Everything was done except publishing, as asked. */
  DryRun: "DryRun",
  /** An older version is current again. */
  Restored: "Restored",
  /** Stopped on request before the commit point. */
  Cancelled: "Cancelled",
  /** The run could not be carried out; the exit code says whether a retry can help. */
  Failed: "Failed",
  /** The run took longer than it was allowed to. */
  TimedOut: "TimedOut",
} as const;
export type Verdict = (typeof Verdict)[keyof typeof Verdict];
