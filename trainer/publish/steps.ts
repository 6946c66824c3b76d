/** What a publication has just done, in this order; after `Committed` nothing can undo it. The words appear in logs. */
export const PublishStep = {
  StagingOpened: "staging-opened",
  /** Once for each file; the detail names it. */
  FileWritten: "file-written",
  ManifestWritten: "manifest-written",
  StagingVerified: "staging-verified",
  PointerPrepared: "pointer-prepared",
  VersionMoved: "version-moved",
  VersionVerified: "version-verified",
  GenerationClaimed: "generation-claimed",
  /** CURRENT.json names the new version: the commit point. */
  Committed: "committed",
  CommitSynced: "commit-synced",
  CurrentLinked: "current-linked",
  NamesLinked: "names-linked",
  HistoryCommitted: "history-committed",
  StagingRemoved: "staging-removed",
} as const;
export type PublishStep = (typeof PublishStep)[keyof typeof PublishStep];

/** Hears of every step after it was done; the publication goes on when the answer is there. */
export type OnStep = (step: PublishStep, detail: string) => Promise<void> | void;
